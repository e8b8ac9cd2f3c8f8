//! One page of a list and the number of rows over all pages.

use crate::{column::count, failure::failed};
use sqlx::{
    Any, AnyPool, FromRow,
    any::{AnyArguments, AnyRow},
    query::{QueryAs, QueryScalar},
};
use types::{Error, Page, Paged};

/// A query of rows whose last two parameters, not yet bound, are LIMIT and OFFSET.
pub(crate) type Rows<R> = QueryAs<'static, Any, R, AnyArguments>;

/// A query of how many rows there are.
pub(crate) type Total = QueryScalar<'static, Any, i64, AnyArguments>;

/// The page of `rows`, as the application knows them.
pub(crate) async fn paged<R, T>(pool: &AnyPool, rows: Rows<R>, total: Total, page: Page) -> Result<Paged<T>, Error>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
    T: TryFrom<R, Error = Error>,
{
    let rows = rows.bind(i64::from(page.limit)).bind(i64::from(page.skip)).fetch_all(pool).await.map_err(failed)?;
    let found = rows.len() as u64;
    // The last page tells how many there are; nothing needs to be counted.
    let is_last = found < u64::from(page.limit) && (found > 0 || page.skip == 0);
    let total =
        if is_last { u64::from(page.skip) + found } else { count(total.fetch_one(pool).await.map_err(failed)?) };
    Ok(Paged { items: items(rows)?, total })
}

/// Rows as the application knows them.
pub(crate) fn items<R, T: TryFrom<R, Error = Error>>(rows: Vec<R>) -> Result<Vec<T>, Error> {
    rows.into_iter().map(T::try_from).collect()
}
