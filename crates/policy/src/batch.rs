//! States as index arrays: what the network reads in one pass.

use crate::{
    candidates::{CANDIDATE_DENSE, Candidate},
    features::{FEATURES_MAX, Item},
    prepared::{HEAD_DENSE, Head, Pointer, Prepared},
    weights::WINDOW,
};
use std::collections::HashMap;

/// Added to the score of what cannot be chosen: its probability is exactly 0.
pub const FORBIDDEN: f32 = -1e8;

/// Each distinct item once, as features. Item 0 is empty.
#[derive(Default)]
pub struct Items {
    index: HashMap<Item, usize>,
    features: Vec<Vec<u32>>,
}

impl Items {
    fn add(&mut self, item: &Item) -> usize {
        if let Some(index) = self.index.get(item) {
            return *index;
        }
        self.features.push(item.features());
        self.index.insert(item.clone(), self.features.len() - 1);
        self.features.len() - 1
    }

    /// Rows of the embedding table and their weights, `[items, width]`, and the width.
    pub fn bags(&self) -> (Vec<i32>, Vec<f32>, usize) {
        let width = self.features.iter().map(Vec::len).max().unwrap_or(0).clamp(1, FEATURES_MAX);
        let mut rows = vec![0; self.features.len() * width];
        let mut weights = vec![0.0; self.features.len() * width];
        for (item, features) in self.features.iter().enumerate() {
            let weight = 1.0 / (features.len().max(1) as f32).sqrt();
            for (place, feature) in features.iter().enumerate() {
                rows[item * width + place] = *feature as i32;
                weights[item * width + place] = weight;
            }
        }
        (rows, weights, width)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.features.len()
    }
}

/// Each distinct description once, as a list of items. Description 0 is empty.
#[derive(Default)]
pub struct Docs {
    /// The words.
    pub items: Items,
    index: HashMap<Vec<Item>, usize>,
    docs: Vec<Vec<usize>>,
}

impl Docs {
    fn new() -> Self {
        let mut docs = Self::default();
        docs.items.add(&Item::Empty);
        docs.add(&Vec::new());
        docs
    }

    fn add(&mut self, doc: &Vec<Item>) -> i32 {
        if let Some(index) = self.index.get(doc) {
            return *index as i32;
        }
        let items = doc.iter().map(|item| self.items.add(item)).collect();
        self.docs.push(items);
        self.index.insert(doc.clone(), self.docs.len() - 1);
        (self.docs.len() - 1) as i32
    }

    /// Items of each description `[docs, width]`, one over their number `[docs]`, and the width.
    pub fn lists(&self) -> (Vec<i32>, Vec<f32>, usize) {
        let width = self.docs.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut items = vec![0; self.docs.len() * width];
        for (doc, list) in self.docs.iter().enumerate() {
            for (place, item) in list.iter().enumerate() {
                items[doc * width + place] = *item as i32;
            }
        }
        let inverse = self.docs.iter().map(|list| 1.0 / list.len().max(1) as f32).collect();
        (items, inverse, width)
    }
}

/// Choices of every state, padded to the same number.
#[derive(Default)]
pub struct Heads {
    /// Choices of each state, padding included.
    pub width: usize,
    /// `[states, width]`: description.
    pub docs: Vec<i32>,
    /// `[states, width, HEAD_DENSE]`.
    pub dense: Vec<f32>,
    /// `[states, width]`: 0, or [`FORBIDDEN`].
    pub mask: Vec<f32>,
}

impl Heads {
    fn new<'a>(states: impl Iterator<Item = &'a [Head]> + Clone, docs: &mut Docs) -> Self {
        let width = states.clone().map(<[Head]>::len).max().unwrap_or(0);
        let mut heads = Self { width, ..Self::default() };
        for state in states {
            for place in 0..width {
                let head = state.get(place);
                heads.docs.push(head.map_or(0, |head| docs.add(&head.doc)));
                heads.dense.extend(head.map_or([0.0; HEAD_DENSE], |head| head.dense));
                heads.mask.push(if head.is_some_and(|head| head.is_valid) { 0.0 } else { FORBIDDEN });
            }
        }
        heads
    }
}

/// The states of one pass. Row 0 of the tokens is padding.
pub struct Batch {
    /// How many states.
    pub states: usize,
    /// The words of the texts.
    pub words: Items,
    /// `[rows]`: item.
    pub tokens: Vec<i32>,
    /// `[rows, WINDOW]`: rows around each row.
    pub window: Vec<i32>,
    /// `[rows]`: 0 for the padding, 1 otherwise.
    pub is_token: Vec<f32>,
    /// First row of each state.
    pub first_row: Vec<usize>,
    /// `[states, text_width]`: rows.
    pub texts: Vec<i32>,
    /// Longest text.
    pub text_width: usize,
    /// `[states]`: one over the text's length.
    pub text_inverse: Vec<f32>,
    /// Descriptions.
    pub docs: Docs,
    /// Tools and RESPOND.
    pub tools: Heads,
    /// Reply forms.
    pub forms: Heads,
    /// `[states]`: description of the newest result.
    pub value_docs: Vec<i32>,
    /// `[states, PROGRESS]`.
    pub progress: Vec<f32>,
}

impl Batch {
    /// Lays out `states`.
    pub fn new(states: &[&Prepared]) -> Self {
        let mut docs = Docs::new();
        let mut words = Items::default();
        words.add(&Item::Empty);
        let text_width = states.iter().map(|state| state.words.len()).max().unwrap_or(1);
        let tools = Heads::new(states.iter().map(|state| state.heads.as_slice()), &mut docs);
        let forms = Heads::new(states.iter().map(|state| state.forms.as_slice()), &mut docs);
        let mut batch = Self {
            states: states.len(),
            words,
            tokens: vec![0],
            window: vec![0; WINDOW],
            is_token: vec![0.0],
            first_row: Vec::new(),
            texts: Vec::new(),
            text_width,
            text_inverse: Vec::new(),
            value_docs: states.iter().map(|state| docs.add(&state.value_doc)).collect(),
            docs,
            tools,
            forms,
            progress: states.iter().flat_map(|state| state.progress).collect(),
        };
        for state in states {
            batch.add_text(&state.words);
        }
        batch
    }

    fn add_text(&mut self, text: &[Item]) {
        let first = self.tokens.len();
        let after = first + text.len();
        self.first_row.push(first);
        for (place, item) in text.iter().enumerate() {
            self.tokens.push(self.words.add(item) as i32);
            self.is_token.push(1.0);
            let row = first + place;
            for offset in 0..WINDOW {
                let seen = (row + offset).wrapping_sub(WINDOW / 2);
                self.window.push(if (first..after).contains(&seen) { seen as i32 } else { 0 });
            }
        }
        let padding = std::iter::repeat_n(0, self.text_width - text.len());
        self.texts.extend((first..after).map(|row| row as i32).chain(padding));
        self.text_inverse.push(1.0 / text.len() as f32);
    }
}

/// Pointers to be set in one pass. Candidates of all of them stand in one list; place 0 is no candidate.
pub struct Pointers {
    /// How many pointers.
    pub count: usize,
    /// Most candidates of one.
    pub width: usize,
    /// `[count, width]`: place of each candidate in the list, 0 beyond the last.
    pub places: Vec<i32>,
    /// `[count, width]`: 0, or [`FORBIDDEN`].
    pub mask: Vec<f32>,
    /// Descriptions of arguments and candidates.
    pub docs: Docs,
    /// `[list]`: description of the argument.
    pub arguments: Vec<i32>,
    /// Rows of first token, last token, the one before and the one after: `[list]` each.
    pub rows: [Vec<i32>; 4],
    /// `[list]`: one over the span's length, 0 when it is no span.
    pub inverse: Vec<f32>,
    /// `[list]`: description of the candidate.
    pub candidates: Vec<i32>,
    /// `[list, CANDIDATE_DENSE]`.
    pub dense: Vec<f32>,
}

impl Pointers {
    /// Lays out pointers, each with the first row of its state's text.
    pub fn new(pointers: &[(usize, &Pointer)]) -> Self {
        let width = pointers.iter().map(|(_, pointer)| pointer.candidates.len()).max().unwrap_or(0);
        let mut laid = Self {
            count: pointers.len(),
            width,
            places: vec![0; pointers.len() * width],
            mask: vec![FORBIDDEN; pointers.len() * width],
            docs: Docs::new(),
            arguments: Vec::new(),
            rows: Default::default(),
            inverse: Vec::new(),
            candidates: Vec::new(),
            dense: Vec::new(),
        };
        laid.add(0, 0, None);
        for (row, (first_row, pointer)) in pointers.iter().enumerate() {
            let argument = laid.docs.add(&pointer.doc);
            for (place, candidate) in pointer.candidates.iter().enumerate() {
                laid.places[row * width + place] = laid.arguments.len() as i32;
                laid.mask[row * width + place] = 0.0;
                laid.add(*first_row, argument, Some(candidate));
            }
        }
        laid
    }

    /// Candidates of all pointers, the empty one included.
    pub fn len(&self) -> usize {
        self.arguments.len()
    }

    fn add(&mut self, first_row: usize, argument: i32, candidate: Option<&Candidate>) {
        let rows = match candidate.and_then(|candidate| candidate.span) {
            Some((start, after)) => {
                self.inverse.push(1.0 / (after - start) as f32);
                [start, after - 1, start - 1, after].map(|row| (first_row + row) as i32)
            }
            None => {
                self.inverse.push(0.0);
                [0; 4]
            }
        };
        for (list, row) in self.rows.iter_mut().zip(rows) {
            list.push(row);
        }
        let doc = candidate.map_or(0, |candidate| self.docs.add(&candidate.doc));
        self.arguments.push(argument);
        self.candidates.push(doc);
        self.dense.extend(candidate.map_or([0.0; CANDIDATE_DENSE], |candidate| candidate.dense));
    }
}
