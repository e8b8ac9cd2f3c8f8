//! A full-text index in memory: ranked (BM25), with snippets, in a deterministic order.
//!
//! Queries are taken as plain words, never as a query language, so no text can fail to parse. The writer lives only
//! while something is being added or removed: at rest the index costs what its documents cost.

use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use tantivy::{
    Index, IndexReader, IndexWriter, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    indexer::IndexWriterOptions,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value},
    snippet::SnippetGenerator,
    tokenizer::TextAnalyzer,
};
use types::{Document, DocumentId, Error};

/// The documents everyone starts with.
const BUNDLED: &str = include_str!("../../assets/corpus.json");
/// Least the library accepts for a writer; it lives only during a change.
const WRITER_BYTES: usize = 15_000_000;
/// Analyser with lower case and English stemming.
const ANALYSER: &str = "en_stem";
/// Most distinct words of a query that count.
const TERMS_MAX: usize = 32;
/// A word in the title counts as much as this many in the body.
const TITLE_BOOST: f32 = 2.0;
/// Longest snippet, in characters.
const SNIPPET_CHARS: usize = 300;
/// Ranked beyond the limit, so that documents of equal score are ordered by id at the cut too.
const TIES: usize = 32;

/// Documents that `search` finds. Cheap to clone; clones share the documents.
#[derive(Clone)]
pub struct SearchIndex {
    shared: Arc<Shared>,
}

struct Shared {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    changing: Mutex<()>,
}

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    title: Field,
    body: Field,
}

/// One match.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Found {
    /// Title of the document.
    pub title: String,
    /// The part of it that matches best.
    pub snippet: String,
    /// BM25 score, three decimals; it ranks the results of one query and means nothing else.
    pub score: f64,
}

#[derive(Deserialize)]
struct Bundled {
    title: String,
    body: String,
}

impl SearchIndex {
    /// An index with the bundled corpus.
    ///
    /// # Errors
    /// `Internal` when the corpus or the index cannot be set up.
    pub fn bundled() -> Result<Self, Error> {
        let corpus: Vec<Bundled> = serde_json::from_str(BUNDLED).map_err(|e| Error::Internal(e.to_string()))?;
        let index = Self::empty()?;
        let documents = corpus.iter().enumerate();
        index.put(documents.map(|(n, entry)| Entry {
            id: format!("bundled-{n:03}"),
            title: &entry.title,
            body: &entry.body,
        }))?;
        Ok(index)
    }

    /// An index without documents.
    ///
    /// # Errors
    /// `Internal` when the index cannot be set up.
    pub fn empty() -> Result<Self, Error> {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        let reader = index
            .reader_builder()
            .reload_policy(tantivy::ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(4)
            .try_into()
            .map_err(internal)?;
        Ok(Self { shared: Arc::new(Shared { index, reader, fields, changing: Mutex::new(()) }) })
    }

    /// Adds documents, each in place of the one with its id.
    ///
    /// # Errors
    /// `Internal` when the index refuses them; then none is added.
    pub async fn add(&self, documents: Vec<Document>) -> Result<(), Error> {
        self.apart(move |index| {
            index.put(documents.iter().map(|document| Entry {
                id: document.id.to_string(),
                title: &document.title,
                body: &document.body,
            }))
        })
        .await
    }

    /// Removes a document; an unknown id changes nothing.
    ///
    /// # Errors
    /// `Internal` when the index cannot be changed.
    pub async fn remove(&self, id: DocumentId) -> Result<(), Error> {
        self.apart(move |index| {
            index.change(|writer| {
                writer.delete_term(Term::from_field_text(index.shared.fields.id, &id.to_string()));
                Ok(())
            })
        })
        .await
    }

    /// The best matches for the words of `query`, best first; none when no word matches.
    ///
    /// # Errors
    /// `Internal` when the index cannot be read.
    pub fn find(&self, query: &str, limit: usize) -> Result<Vec<Found>, Error> {
        let Some(query) = self.words_query(query)? else { return Ok(Vec::new()) };
        let searcher = self.shared.reader.searcher();
        let ranked = searcher.search(&*query, &TopDocs::with_limit(limit + TIES).order_by_score()).map_err(internal)?;
        let mut snippets = SnippetGenerator::create(&searcher, &*query, self.shared.fields.body).map_err(internal)?;
        snippets.set_max_num_chars(SNIPPET_CHARS);
        let mut found = Vec::with_capacity(ranked.len());
        for (score, address) in ranked {
            let document: TantivyDocument = searcher.doc(address).map_err(internal)?;
            let score = (f64::from(score) * 1000.0).round() / 1000.0;
            found.push((score, self.stored(&document, self.shared.fields.id), document));
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(found.iter().take(limit).map(|(score, _, document)| self.present(*score, document, &snippets)).collect())
    }

    fn present(&self, score: f64, document: &TantivyDocument, snippets: &SnippetGenerator) -> Found {
        let body = self.stored(document, self.shared.fields.body);
        let snippet = snippets.snippet(&body).fragment().trim().to_owned();
        let snippet = if snippet.is_empty() { beginning(&body) } else { snippet };
        Found { title: self.stored(document, self.shared.fields.title), snippet, score }
    }

    fn stored(&self, document: &TantivyDocument, field: Field) -> String {
        document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    fn words_query(&self, text: &str) -> Result<Option<Box<dyn Query>>, Error> {
        let mut words = Vec::new();
        let mut analyser = self.analyser()?;
        let mut stream = analyser.token_stream(text);
        while stream.advance() && words.len() < TERMS_MAX {
            let word = stream.token().text.clone();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let fields = self.shared.fields;
        let clauses: Vec<(Occur, Box<dyn Query>)> = words
            .iter()
            .flat_map(|word| {
                let title = Box::new(BoostQuery::new(term(fields.title, word), TITLE_BOOST)) as Box<dyn Query>;
                [(Occur::Should, title), (Occur::Should, term(fields.body, word))]
            })
            .collect();
        Ok(if clauses.is_empty() { None } else { Some(Box::new(BooleanQuery::new(clauses))) })
    }

    fn analyser(&self) -> Result<TextAnalyzer, Error> {
        self.shared.index.tokenizer_for_field(self.shared.fields.body).map_err(internal)
    }

    fn put<'a>(&self, entries: impl Iterator<Item = Entry<'a>>) -> Result<(), Error> {
        let fields = self.shared.fields;
        self.change(|writer| {
            for entry in entries {
                writer.delete_term(Term::from_field_text(fields.id, &entry.id));
                let mut document = TantivyDocument::default();
                document.add_text(fields.id, &entry.id);
                document.add_text(fields.title, entry.title);
                document.add_text(fields.body, entry.body);
                writer.add_document(document)?;
            }
            Ok(())
        })
    }

    /// Keeps every change waiting while what it returns lives.
    #[cfg(test)]
    pub(super) fn hold(&self) -> std::sync::MutexGuard<'_, ()> {
        self.shared.changing.lock().unwrap()
    }

    /// Does it on a blocking thread: a change waits for the one before it, and for the writer's threads.
    async fn apart(&self, work: impl FnOnce(&Self) -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
        let index = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&index)).await;
        done.map_err(|error| Error::Internal(format!("search index: {error}")))?
    }

    /// One change at a time; all of it or nothing.
    fn change(&self, work: impl FnOnce(&mut IndexWriter) -> Result<(), TantivyError>) -> Result<(), Error> {
        let _one_at_a_time = self.shared.changing.lock().map_err(|_| Error::Internal("index lock".into()))?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        let mut writer = self.shared.index.writer_with_options(options).map_err(internal)?;
        work(&mut writer).map_err(internal)?;
        writer.commit().map_err(internal)?;
        writer.wait_merging_threads().map_err(internal)?;
        self.shared.reader.reload().map_err(internal)
    }
}

struct Entry<'a> {
    id: String,
    title: &'a str,
    body: &'a str,
}

fn schema() -> (Schema, Fields) {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(ANALYSER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing).set_stored();
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STRING | STORED);
    let title = builder.add_text_field("title", text.clone());
    let body = builder.add_text_field("body", text);
    (builder.build(), Fields { id, title, body })
}

fn term(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

fn beginning(body: &str) -> String {
    let end = body.char_indices().nth(SNIPPET_CHARS).map_or(body.len(), |(at, _)| at);
    let cut = body.get(..end).unwrap_or(body);
    cut.trim().to_owned()
}

fn internal(error: TantivyError) -> Error {
    Error::Internal(format!("search index: {error}"))
}
