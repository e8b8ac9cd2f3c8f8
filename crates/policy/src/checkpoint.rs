//! Weights on disk: safetensors with versioned metadata. Every byte of a file is taken for hostile.

use crate::weights::SHAPES;
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::{Dtype, SafeTensors, View, tensor::TensorView};
use std::{borrow::Cow, collections::HashMap};
use thiserror::Error;

/// Largest checkpoint read.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// The one metadata key. One key, so that equal weights are equal bytes.
const KEY: &str = "rl-chatbot";
const VERSION: &str = "action-policy 2";

/// Why a checkpoint could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this is not a checkpoint of this version's policy: {0}")]
pub struct LoadError(String);

/// Saves weights in the order of [`SHAPES`].
pub fn save(weights: &[Tensor<2>]) -> Vec<u8> {
    let named: Vec<_> =
        SHAPES.iter().zip(weights).map(|((name, ..), weight)| ((*name).to_owned(), weight.clone())).collect();
    write_tensors(VERSION, &named)
}

/// Loads weights in the order of [`SHAPES`].
pub fn load(bytes: &[u8], device: &Device) -> Result<Vec<Tensor<2>>, LoadError> {
    let mut found = read_tensors(VERSION, bytes, device)?;
    if found.len() != SHAPES.len() {
        return Err(LoadError(format!("it has {} tensors, expected {}", found.len(), SHAPES.len())));
    }
    SHAPES
        .iter()
        .map(|(name, rows, columns, _)| {
            let tensor = found.remove(*name).ok_or_else(|| LoadError(format!("it has no tensor `{name}`")))?;
            let shape = tensor.dims();
            if shape != [*rows, *columns] {
                return Err(LoadError(format!("`{name}` has the shape {shape:?}, expected {:?}", [rows, columns])));
            }
            Ok(tensor)
        })
        .collect()
}

/// Named matrices as safetensors under a version. Equal tensors give equal bytes.
pub fn write_tensors(version: &str, tensors: &[(String, Tensor<2>)]) -> Vec<u8> {
    let views = tensors.iter().map(|(name, tensor)| (name.as_str(), Matrix { shape: tensor.dims(), tensor }));
    let metadata = HashMap::from([(KEY.to_owned(), version.to_owned())]);
    safetensors::serialize(views, Some(metadata)).unwrap_or_default()
}

/// A matrix as safetensors reads it: its bytes are made when they are asked for, so that only one matrix at a time lies
/// in memory once more.
struct Matrix<'a> {
    shape: [usize; 2],
    tensor: &'a Tensor<2>,
}

impl View for Matrix<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let floats: Vec<f32> = self.tensor.clone().try_into_vec_as().unwrap_or_default();
        let mut bytes = Vec::with_capacity(self.data_len());
        floats.iter().for_each(|float| bytes.extend(float.to_le_bytes()));
        bytes.into()
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * size_of::<f32>()
    }
}

/// Named matrices of a file that [`write_tensors`] wrote under the same version.
///
/// # Errors
/// A file too large, of another kind or version, or with a tensor that is not a finite matrix of 32-bit numbers.
pub fn read_tensors(version: &str, bytes: &[u8], device: &Device) -> Result<HashMap<String, Tensor<2>>, LoadError> {
    if bytes.len() > BYTES_MAX {
        return Err(LoadError(format!("it has {} bytes, expected at most {BYTES_MAX}", bytes.len())));
    }
    let damaged = |error: safetensors::SafeTensorError| LoadError(format!("the file is damaged ({error})"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let found = metadata.metadata().as_ref().and_then(|m| m.get(KEY)).map_or("none", String::as_str);
    if found != version {
        let found: String = found.chars().take(40).collect();
        return Err(LoadError(format!("its version is `{found}`, expected `{version}`")));
    }
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    file.iter().map(|(name, view)| Ok((name.to_owned(), matrix(name, &view, device)?))).collect()
}

fn matrix(name: &str, view: &TensorView<'_>, device: &Device) -> Result<Tensor<2>, LoadError> {
    let refused = |what: &str| LoadError(format!("`{}` {what}", name.chars().take(40).collect::<String>()));
    let (Dtype::F32, [rows, columns]) = (view.dtype(), view.shape()) else {
        return Err(refused("is not a matrix of 32-bit numbers"));
    };
    if *rows == 0 || *columns == 0 {
        return Err(refused("is empty"));
    }
    let floats: Vec<f32> =
        view.data().chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect();
    if floats.iter().any(|float| !float.is_finite()) {
        return Err(refused("has a number that is not finite"));
    }
    Ok(Tensor::from_data(TensorData::new(floats, [*rows, *columns]), device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ActionPolicy;

    fn refusal(bytes: &[u8]) -> String {
        ActionPolicy::load(bytes).unwrap_err().to_string()
    }

    #[test]
    fn hostile_bytes_are_refused_with_a_reason() {
        let good = ActionPolicy::untrained(0).save();
        assert!(refusal(b"").contains("damaged"));
        assert!(refusal(&[0xff; 64]).contains("damaged"));
        assert!(refusal(&good[..good.len() / 2]).contains("damaged"));
        assert!(refusal(&vec![0; BYTES_MAX + 1]).contains("expected at most"));
        let mut infinite = good.clone();
        let end = infinite.len();
        infinite[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(refusal(&infinite).contains("not finite"));
    }

    #[test]
    fn another_version_and_another_shape_are_named() {
        let device = Device::flex();
        let one = vec![("a".to_owned(), Tensor::<2>::ones([1, 2], &device))];
        assert!(refusal(&write_tensors("else 9", &one)).contains("its version is `else 9`"));
        assert!(refusal(&write_tensors(VERSION, &one)).contains("it has 1 tensors"));
        let mut weights: Vec<_> =
            SHAPES.iter().map(|(n, r, c, _)| ((*n).to_owned(), Tensor::zeros([*r, *c], &device))).collect();
        weights[1].1 = Tensor::zeros([2, 2], &device);
        assert!(refusal(&write_tensors(VERSION, &weights)).contains("has the shape [2, 2]"));
    }

    #[test]
    fn a_checkpoint_is_small() {
        let bytes = ActionPolicy::untrained(0).save().len();
        assert!(bytes < 3_000_000, "{bytes}");
    }
}
