//! The inner loops of a small network. They are compiled once for the widest instructions that are common and once for
//! any processor; `pulp` chooses when the program runs.

use pulp::{Arch, Simd, WithSimd};

/// Rows that are computed together.
const ROWS: usize = 4;
/// Numbers of columns are filled up to a multiple of this, the usual length of a vector.
const FILLED: usize = 8;

/// A matrix as a slice, row by row or, transposed, column by column.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    /// Its numbers.
    pub values: &'a [f32],
    /// From one row to the next.
    pub row: usize,
    /// From one column to the next.
    pub column: usize,
}

/// Room that products reuse.
#[derive(Clone, Default, Debug)]
pub struct Room {
    rows: Vec<f32>,
    right: Vec<f32>,
    result: Vec<f32>,
}

/// `result = start + left · right`: `left` is m × k, `right` k × n row by row; every row of the result begins as `start`
/// (n values, or none for 0).
pub fn multiply(left: Matrix<'_>, right: &[f32], start: &[f32], inner: usize, result: &mut [f32], room: &mut Room) {
    let columns = right.len() / inner;
    let filled = columns.next_multiple_of(FILLED);
    if filled == columns {
        return product(left, right, inner, result, columns, start, &mut room.rows);
    }
    room.right.clear();
    room.right.resize(inner * filled, 0.0);
    for (to, from) in room.right.chunks_exact_mut(filled).zip(right.chunks_exact(columns)) {
        to[..columns].copy_from_slice(from);
    }
    let rows = result.len() / columns;
    room.result.clear();
    room.result.resize(rows * filled, 0.0);
    product(left, &room.right, inner, &mut room.result, filled, &[], &mut room.rows);
    for (to, from) in result.chunks_exact_mut(columns).zip(room.result.chunks_exact(filled)) {
        for (at, (to, from)) in to.iter_mut().zip(from).enumerate() {
            *to = from + start.get(at).copied().unwrap_or(0.0);
        }
    }
}

fn product(
    left: Matrix<'_>,
    right: &[f32],
    inner: usize,
    result: &mut [f32],
    columns: usize,
    start: &[f32],
    rows: &mut Vec<f32>,
) {
    rows.resize(inner * ROWS, 0.0);
    Arch::new().dispatch(Product { left, right, result, columns, start, rows });
}

struct Product<'a> {
    left: Matrix<'a>,
    right: &'a [f32],
    result: &'a mut [f32],
    columns: usize,
    start: &'a [f32],
    rows: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { left, right, result, columns, start, rows } = self;
        let vectors = columns / S::F32_LANES;
        for (block, results) in result.chunks_mut(columns * ROWS).enumerate() {
            pack(left, block * ROWS, results.len() / columns, rows);
            let mut at = 0;
            while at + 2 <= vectors {
                tile::<S, 2>(simd, rows, right, at, start, results, columns);
                at += 2;
            }
            while at < vectors {
                tile::<S, 1>(simd, rows, right, at, start, results, columns);
                at += 1;
            }
            (at * S::F32_LANES..columns).for_each(|column| single(rows, right, column, start, results, columns));
        }
    }
}

/// Rows of the left side, side by side: rows that are missing are 0.
#[inline(always)]
fn pack(left: Matrix<'_>, first: usize, count: usize, rows: &mut [f32]) {
    for lane in 0..ROWS {
        let Some(values) = left.values.get((first + lane) * left.row..) else {
            rows.iter_mut().skip(lane).step_by(ROWS).for_each(|to| *to = 0.0);
            continue;
        };
        if lane < count {
            let values = values.iter().step_by(left.column);
            rows.iter_mut().skip(lane).step_by(ROWS).zip(values).for_each(|(to, from)| *to = *from);
        } else {
            rows.iter_mut().skip(lane).step_by(ROWS).for_each(|to| *to = 0.0);
        }
    }
}

/// The sums of some rows and of `W` vectors of columns, which begin at vector `at`.
#[inline(always)]
fn tile<S: Simd, const W: usize>(
    simd: S,
    rows: &[f32],
    right: &[f32],
    at: usize,
    start: &[f32],
    results: &mut [f32],
    columns: usize,
) {
    let mut sums = [[simd.splat_f32s(0.0); W]; ROWS];
    if let Some(start) = S::as_simd_f32s(start).0.get(at..).and_then(|start| start.first_chunk::<W>()) {
        sums = [*start; ROWS];
    }
    for (lanes, values) in rows.chunks_exact(ROWS).zip(right.chunks_exact(columns)) {
        let Some(values) = S::as_simd_f32s(values).0.get(at..).and_then(|values| values.first_chunk::<W>()) else {
            return;
        };
        for (sums, lane) in sums.iter_mut().zip(lanes) {
            let lane = simd.splat_f32s(*lane);
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = simd.mul_add_e_f32s(lane, *value, *sum);
            }
        }
    }
    for (result, sums) in results.chunks_exact_mut(columns).zip(&sums) {
        if let Some(result) = S::as_mut_simd_f32s(result).0.get_mut(at..at + W) {
            result.copy_from_slice(sums);
        }
    }
}

/// The same for one column that fills no vector.
#[inline(always)]
fn single(rows: &[f32], right: &[f32], column: usize, start: &[f32], results: &mut [f32], columns: usize) {
    let mut sums = [start.get(column).copied().unwrap_or(0.0); ROWS];
    for (lanes, values) in rows.chunks_exact(ROWS).zip(right.chunks_exact(columns)) {
        sums.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum += lane * values[column]);
    }
    results.chunks_exact_mut(columns).zip(sums).for_each(|(result, sum)| result[column] = sum);
}

/// Rows become columns.
pub fn transpose(from: &[f32], columns: usize, to: &mut Vec<f32>) {
    let rows = from.len() / columns;
    to.resize(from.len(), 0.0);
    for (at, row) in from.chunks_exact(columns).enumerate() {
        to.iter_mut().skip(at).step_by(rows).zip(row).for_each(|(to, from)| *to = *from);
    }
}

/// A function of every value.
struct Each<'a, F> {
    values: &'a mut [f32],
    function: F,
}

impl<F: Fn(f32) -> f32> WithSimd for Each<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.values.iter_mut() {
            *value = (self.function)(*value);
        }
    }
}

/// `tanh` of every value, to 2e-7.
pub fn tanh(values: &mut [f32]) {
    #[inline(always)]
    fn one(x: f32) -> f32 {
        // tanh |x| = 1 − 2 / (e^2|x| + 1); beyond 9 it is 1 in single precision.
        let size = x.abs().min(9.0);
        let value = 1.0 - 2.0 / (exp(2.0 * size) + 1.0);
        // Near 0 that difference loses digits; the series does not.
        let square = size * size;
        let series = size * (1.0 - square * (1.0 / 3.0 - square * (2.0 / 15.0 - square * (17.0 / 315.0))));
        (if size < 0.1 { series } else { value }).copysign(x)
    }
    Arch::new().dispatch(Each { values, function: one });
}

/// `e^x` for |x| ≤ 80: `2^n · e^r` with |r| ≤ ln 2 / 2, the latter by its series.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding and taking away 1.5 · 2^23 rounds to a whole number, whose last bits are then those of the sum.
    const ROUNDER: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = 1.0
        + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest / 720.0)))));
    let power = shifted.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000);
    series * f32::from_bits(power)
}

/// `max(x, 0)` of every value.
pub fn relu(values: &mut [f32]) {
    Arch::new().dispatch(Each { values, function: |x: f32| x.max(0.0) });
}

/// Multiplies slopes by the derivative of `tanh`, given its values.
pub fn tanh_back(values: &[f32], slopes: &mut [f32]) {
    slopes.iter_mut().zip(values).for_each(|(slope, y)| *slope *= 1.0 - y * y);
}

/// Multiplies slopes by the derivative of `max(x, 0)`, given its values.
pub fn relu_back(values: &[f32], slopes: &mut [f32]) {
    slopes.iter_mut().zip(values).for_each(|(slope, y)| *slope = if *y > 0.0 { *slope } else { 0.0 });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_and_products_are_those_of_plain_arithmetic() {
        let xs: Vec<f32> = (-4000..4000).map(|x| x as f32 * 0.005).collect();
        let mut ys = xs.clone();
        tanh(&mut ys);
        for (x, y) in xs.iter().zip(&ys) {
            assert!((f64::from(*x).tanh() - f64::from(*y)).abs() < 2e-7, "tanh {x} = {y}");
        }
        for (m, k, n) in [(1, 4, 64), (4, 64, 2), (7, 3, 24), (128, 5, 1), (5, 64, 84)] {
            let left: Vec<f32> = (0..m * k).map(|at| ((at * 7) % 11) as f32 - 5.0).collect();
            let right: Vec<f32> = (0..k * n).map(|at| ((at * 5) % 13) as f32 - 6.0).collect();
            let start: Vec<f32> = (0..n).map(|at| at as f32).collect();
            let mut result = vec![0.0; m * n];
            let matrix = Matrix { values: &left, row: k, column: 1 };
            multiply(matrix, &right, &start, k, &mut result, &mut Room::default());
            for (at, value) in result.iter().enumerate() {
                let (i, j) = (at / n, at % n);
                let sum: f32 = (0..k).map(|p| left[i * k + p] * right[p * n + j]).sum();
                assert_eq!(*value, sum + start[j], "{m}x{k}x{n} at {i},{j}");
            }
        }
    }
}
