//! State that lives in the address: links that change one part of the query and keep the rest.

use leptos_router::params::ParamsMap;
use types::Page;

/// The address of this page with `changes` made to its query; `None` or an empty value drops a key.
pub fn link(path: &str, query: &ParamsMap, changes: &[(&str, Option<String>)]) -> String {
    let mut query = query.clone();
    for (key, value) in changes {
        query.remove(key);
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            query.insert(key.to_string(), value.to_owned());
        }
    }
    format!("{path}{}", query.to_query_string())
}

/// The page number in the query, from 1.
fn page_number(query: &ParamsMap) -> u32 {
    query.get_str("page").and_then(|page| page.parse().ok()).filter(|page| *page > 0).unwrap_or(1)
}

/// The page of `per_page` rows that the query asks for.
pub fn page(query: &ParamsMap, per_page: u32) -> Page {
    Page { skip: (page_number(query) - 1).saturating_mul(per_page), limit: per_page }
}

/// The value of `page` in the query for the page that skips so many rows; the first page needs none.
pub fn page_of_skip(skip: u32, per_page: u32) -> Option<String> {
    (skip > 0).then(|| (skip / per_page.max(1) + 1).to_string())
}

// Without the server's half the router escapes addresses through the browser.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ParamsMap {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    #[test]
    fn a_link_changes_one_part_and_keeps_the_rest() {
        let here = query(&[("q", "sum"), ("page", "3")]);
        assert_eq!(link("/cases", &here, &[("page", None)]), "/cases?q=sum");
        assert_eq!(link("/cases", &query(&[]), &[("sort", Some("oldest".into()))]), "/cases?sort=oldest");
        assert_eq!(link("/cases", &query(&[]), &[]), "/cases");
    }

    #[test]
    fn page_numbers_that_make_no_sense_are_the_first_page() {
        for (text, number) in [("2", 2), ("0", 1), ("-1", 1), ("x", 1)] {
            assert_eq!(page_number(&query(&[("page", text)])), number, "{text}");
        }
        assert_eq!(page(&query(&[("page", "3")]), 25).skip, 50);
        assert_eq!(page_of_skip(50, 25).as_deref(), Some("3"));
        assert_eq!(page_of_skip(0, 25), None);
    }
}
