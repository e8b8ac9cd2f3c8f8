//! A list in a file, read without being held.

use serde::{
    Deserialize,
    de::{Error as _, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};
use types::Error;

/// Gives each element of a list to `take`, until that refuses one.
pub struct Listed<'a, T, F> {
    take: F,
    refused: &'a mut Option<Error>,
    element: PhantomData<T>,
}

impl<'a, T, F: FnMut(T) -> Result<(), Error>> Listed<'a, T, F> {
    /// The list ends with an error as soon as `take` refuses; why is in `refused`.
    pub const fn new(take: F, refused: &'a mut Option<Error>) -> Self {
        Self { take, refused, element: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), Error>> Visitor<'de> for Listed<'_, T, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            if let Err(error) = (self.take)(element) {
                *self.refused = Some(error);
                return Err(A::Error::custom("reading stopped"));
            }
        }
        Ok(())
    }
}
