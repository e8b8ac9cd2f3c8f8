//! Numbers the types of the module from 1 on.
//!
//! Rust tells types apart by 128 bits of a hash; several hundred of them lie in the data, and no compression makes them
//! shorter. They are only ever compared with each other, so any numbers do that are as different.
//!
//! A hash shows in the code: both halves are read from their addresses, aligned like a pointer. What is read so and has many
//! bytes of nought is something else.

use crate::places::{segment, write};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use walrus::{
    LocalFunction, Module,
    ir::{Const, Instr, InstrSeq, Load, LoadKind, Value, Visitor, dfs_in_order},
};

const HASH_BYTES: usize = 16;
const HALF_BYTES: u32 = 8;
/// Alignment of a pointer.
const ALIGN: u32 = 4;
/// One hash in a thousand billion has more.
const NOUGHTS_MAX: usize = 3;

/// Numbers them; answers how many there are.
pub fn number(module: &mut Module) -> usize {
    let mut reads = Reads::default();
    for (_, function) in module.funcs.iter_local() {
        reads.function(function);
    }
    let (ids, mut segments): (Vec<_>, Vec<_>) =
        module.data.iter().filter_map(|data| Some((data.id(), segment(data)?))).unzip();
    let mut numbers = BTreeMap::new();
    for at in &reads.hashes {
        let hash = segments.iter().find_map(|(start, bytes)| hash_at(*start, bytes, *at));
        if let Some(hash) = hash.filter(|hash| !reads.is_in_code(hash)) {
            let next = numbers.len() as u64 + 1;
            numbers.entry(hash).or_insert(next);
        }
    }
    for (start, bytes) in &mut segments {
        renumber(*start, bytes, &numbers);
    }
    for (id, (_, bytes)) in ids.into_iter().zip(segments) {
        module.data.get_mut(id).value = bytes;
    }
    numbers.len()
}

type Hash = [u8; HASH_BYTES];

/// What is read from constant addresses, and every constant that may be half a hash.
#[derive(Default)]
struct Reads {
    hashes: BTreeSet<u32>,
    constants: HashSet<u64>,
    /// The addresses that the present function reads halves from.
    halves: BTreeSet<u32>,
}

impl Reads {
    fn function(&mut self, function: &LocalFunction) {
        self.halves.clear();
        dfs_in_order(self, function, function.entry_block());
        let both = self.halves.iter().filter(|at| self.halves.contains(&(**at + HALF_BYTES)));
        self.hashes.extend(both);
    }

    fn is_in_code(&self, hash: &Hash) -> bool {
        hash.chunks_exact(8)
            .filter_map(|half| half.try_into().ok())
            .any(|half| self.constants.contains(&u64::from_le_bytes(half)))
    }
}

impl<'instr> Visitor<'instr> for Reads {
    fn start_instr_seq(&mut self, sequence: &'instr InstrSeq) {
        for pair in sequence.instrs.windows(2) {
            let [(Instr::Const(Const { value: Value::I32(at) }), _), (Instr::Load(load), _)] = pair else { continue };
            let Load { kind: LoadKind::I64 { .. }, arg, .. } = load else { continue };
            if arg.align == ALIGN {
                self.halves.insert((*at as u32).wrapping_add(arg.offset as u32));
            }
        }
    }

    fn visit_const(&mut self, constant: &Const) {
        if let Value::I64(value) = constant.value {
            self.constants.insert(value as u64);
        }
    }
}

fn hash_at(start: u32, bytes: &[u8], at: u32) -> Option<Hash> {
    let from = at.checked_sub(start)? as usize;
    let hash: Hash = bytes.get(from..from.checked_add(HASH_BYTES)?)?.try_into().ok()?;
    (hash.iter().filter(|byte| **byte == 0).count() <= NOUGHTS_MAX).then_some(hash)
}

/// Writes every hash as its number, in both halves: tables of types look at one of them.
fn renumber(start: u32, bytes: &mut [u8], numbers: &BTreeMap<Hash, u64>) {
    let mut at = start.next_multiple_of(ALIGN);
    while let Some(there) = (at - start).try_into().ok().and_then(|from: usize| bytes.get(from..from + HASH_BYTES)) {
        let number = there.try_into().ok().and_then(|hash: Hash| numbers.get(&hash));
        if let Some(number) = number {
            write(start, bytes, at, &[number.to_le_bytes(), number.to_le_bytes()].concat());
        }
        at += if number.is_some() { HASH_BYTES as u32 } else { ALIGN };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{ConstExpr, DataKind, FunctionBuilder, MemoryId, ir::MemArg};

    /// A function that reads 16 bytes at an address.
    fn read(module: &mut Module, memory: MemoryId, at: i32) {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        let mut body = builder.func_body();
        for half in [8, 0] {
            let arg = MemArg { align: ALIGN, offset: 0 };
            body.i32_const(at + half).load(memory, LoadKind::I64 { atomic: false }, arg).drop();
        }
        builder.finish(Vec::new(), &mut module.funcs);
    }

    #[test]
    fn equal_hashes_get_equal_numbers_and_nothing_else_changes() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let (one, two): (Hash, Hash) = ([7; 16], [9; 16]);
        let mut small = [0; 16];
        small[0] = 5;
        let bytes = [one, two, one, small, [3; 16]].concat();
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(1024)) };
        let id = module.data.add(kind, bytes);
        for at in [1024, 1040, 1056, 1072] {
            read(&mut module, memory, at);
        }
        assert_eq!(number(&mut module), 2);
        let words: Vec<_> = module.data.get(id).value.chunks_exact(8).map(|word| word[0]).collect();
        assert_eq!(words, [1, 1, 2, 2, 1, 1, 5, 0, 3, 3]);
    }

    #[test]
    fn a_hash_that_the_code_spells_out_is_left() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(0)) };
        module.data.add(kind, vec![7; 16]);
        read(&mut module, memory, 0);
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().i64_const(i64::from_le_bytes([7; 8])).drop();
        builder.finish(Vec::new(), &mut module.funcs);
        assert_eq!(number(&mut module), 0);
    }
}
