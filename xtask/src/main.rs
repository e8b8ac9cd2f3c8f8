//! Build steps that are programs: `site` assembles what the browser loads, `dev` rebuilds on change, `bench` measures a
//! running server. The scripts and the Makefile call them; people call `make`.

mod bench;
mod dev;
mod imports;
mod order;
mod places;
mod prune;
mod site;
mod type_ids;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Build steps of RL Chatbot; `make` calls them")]
struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Assemble the folder the server serves: the bundle, the style sheet, public and vendored files.
    Site(site::Site),
    /// Build and serve; do both again whenever a source changes.
    Dev(dev::Dev),
    /// Measure a server over loopback.
    Bench(bench::Bench),
    /// Measure evaluation runs against a model that answers after a set time.
    BenchRuns(bench::BenchRuns),
}

fn main() -> Result<()> {
    match Arguments::parse().step {
        Step::Site(site) => site::assemble(&site),
        Step::Dev(dev) => dev::watch(&dev),
        Step::Bench(bench) => bench::measure(&bench),
        Step::BenchRuns(bench) => bench::measure_runs(&bench),
    }
}
