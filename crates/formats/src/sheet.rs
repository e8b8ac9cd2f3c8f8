//! Tables for spreadsheets: CSV in which no text is a formula.

use crate::formats::escaped;
use csv::WriterBuilder;
use serde_json::Value;
use types::Error;

/// Writes a table as CSV. Texts that a spreadsheet would run get a quote mark in front, as in files of test cases; numbers
/// stay numbers, nulls are empty.
///
/// # Errors
/// [`Error::Internal`]: the table could not be written.
pub fn sheet(header: &[String], rows: &[Vec<Value>]) -> Result<String, Error> {
    let failed = |why: String| Error::Internal(format!("a table could not be written: {why}"));
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(header.iter().map(|name| escaped(name))).map_err(|why| failed(why.to_string()))?;
    for row in rows {
        writer.write_record(row.iter().map(cell)).map_err(|why| failed(why.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|why| failed(why.to_string()))?;
    String::from_utf8(bytes).map_err(|why| failed(why.to_string()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escaped(text),
        Value::Number(number) => number.to_string(),
        other => escaped(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_disarmed_and_numbers_stay_numbers() {
        let header = ["name".to_owned(), "=difference".to_owned()];
        let rows =
            [vec![json!("=1+1"), json!(-0.5)], vec![json!("a, \"b\""), Value::Null], vec![json!(true), json!([1])]];
        let file = sheet(&header, &rows).unwrap();
        assert_eq!(file, "name,'=difference\n'=1+1,-0.5\n\"a, \"\"b\"\"\",\ntrue,[1]\n");
    }
}
