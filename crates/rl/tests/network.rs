//! The hand-written network against finite differences and against burn's derivatives.

use burn::tensor::{Device, Tensor, TensorData, activation};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rl::mlp::{Activation, Mlp, Tape};

const SIZES: [usize; 4] = [5, 12, 7, 3];
const ROWS: usize = 6;

fn sample(activation: Activation) -> (Mlp, Vec<f32>, Vec<f32>) {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut network = Mlp::new(&SIZES, activation, 1.0, &mut rng);
    // Biases that are not 0, so that they count.
    network.parameters.iter_mut().for_each(|weight| *weight += rng.random_range(-0.1..0.1));
    let input = (0..ROWS * SIZES[0]).map(|_| rng.random_range(-1.0..1.0)).collect();
    let slopes = (0..ROWS * SIZES[3]).map(|_| rng.random_range(-1.0..1.0)).collect();
    (network, input, slopes)
}

/// A loss whose derivative by the outputs is `slopes`.
fn loss(network: &Mlp, input: &[f32], slopes: &[f32]) -> f64 {
    let mut tape = Tape::default();
    network.forward(input, &mut tape).iter().zip(slopes).map(|(y, slope)| f64::from(y * slope)).sum()
}

fn gradient(network: &Mlp, input: &[f32], slopes: &[f32]) -> Vec<f32> {
    let (mut tape, mut gradient) = (Tape::default(), Vec::new());
    network.forward(input, &mut tape);
    network.backward(slopes, &mut tape, &mut gradient);
    gradient
}

#[test]
fn the_derivative_is_that_of_finite_differences() {
    for activation in [Activation::Tanh, Activation::Relu] {
        let (network, input, slopes) = sample(activation);
        let exact = gradient(&network, &input, &slopes);
        assert_eq!(exact.len(), network.parameters.len());
        let step = 1e-3;
        let mut far = 0;
        for (at, exact) in exact.iter().enumerate() {
            let moved = |by: f32| {
                let mut other = network.clone();
                other.parameters[at] += by;
                loss(&other, &input, &slopes)
            };
            let difference = (moved(step) - moved(-step)) / f64::from(2.0 * step);
            far += usize::from((difference - f64::from(*exact)).abs() > 2e-3);
        }
        // Across a kink of max(x, 0) the difference is that of two slopes; without kinks there is no excuse.
        assert!(far <= if activation == Activation::Relu { 3 } else { 0 }, "{activation:?}: {far} of {}", exact.len());
    }
}

#[test]
fn the_derivative_is_that_of_burn() {
    let device = Device::flex().autodiff();
    let tensor =
        |values: &[f32], shape: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), shape), &device);
    for activation in [Activation::Tanh, Activation::Relu] {
        let (network, input, slopes) = sample(activation);
        let (mut x, mut begin, mut tensors) = (tensor(&input, [ROWS, SIZES[0]]), 0, Vec::new());
        for (layer, pair) in SIZES.windows(2).enumerate() {
            let (weights, bias) = network.parameters[begin..].split_at(pair[0] * pair[1]);
            let weights = tensor(weights, [pair[0], pair[1]]).require_grad();
            let bias = tensor(&bias[..pair[1]], [1, pair[1]]).require_grad();
            x = x.matmul(weights.clone()) + bias.clone();
            if layer < 2 {
                x = if activation == Activation::Tanh { x.tanh() } else { activation::relu(x) };
            }
            tensors.extend([weights, bias]);
            begin += (pair[0] + 1) * pair[1];
        }
        let grads = (x * tensor(&slopes, [ROWS, SIZES[3]])).sum().backward();
        let theirs: Vec<f32> = tensors
            .iter()
            .flat_map(|tensor| tensor.grad(&grads).unwrap().into_data().try_to_vec::<f32>().unwrap())
            .collect();
        for (at, (ours, theirs)) in gradient(&network, &input, &slopes).iter().zip(&theirs).enumerate() {
            assert!((ours - theirs).abs() < 1e-5, "{activation:?}, parameter {at}: {ours}, burn {theirs}");
        }
    }
}

#[test]
fn first_weights_are_orthogonal() {
    let network = Mlp::new(&[4, 64, 2], Activation::Tanh, 0.01, &mut ChaCha8Rng::seed_from_u64(1));
    let rows: Vec<&[f32]> = network.parameters[..256].chunks(64).collect();
    for (i, a) in rows.iter().enumerate() {
        for (j, b) in rows.iter().enumerate() {
            let product: f32 = a.iter().zip(*b).map(|(a, b)| a * b).sum();
            assert!((product - if i == j { 2.0 } else { 0.0 }).abs() < 1e-5, "{i}, {j}: {product}");
        }
    }
    assert!(network.parameters[256..320].iter().all(|bias| *bias == 0.0));
    let head: f32 = network.parameters[320..448].iter().map(|weight| weight * weight).sum();
    assert!((head - 2e-4).abs() < 1e-8, "two columns of length 0.01: {head}");
}
