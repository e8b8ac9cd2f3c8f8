//! A run as a progress bar, from the same events that sockets and pages read.

use super::terminal::explained;
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use service::Service;
use types::{RunId, RunKind, RunView};

/// Shows a run until it ends; an interrupt asks it to stop and waits for that.
pub async fn follow(service: &Service, run: RunId, unit: &'static str) -> Result<RunView, String> {
    let mut events = service.run_subscribe(run, 0).await.map_err(|error| explained(&error))?;
    let mut view = RunView::default();
    let bar = ProgressBar::new(0).with_style(style(unit));
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            Ok(()) = tokio::signal::ctrl_c() => {
                stop(service, run).await?;
                continue;
            }
        };
        let Some(event) = event else { break };
        view.apply(&event);
        bar.set_length(u64::try_from(view.total).unwrap_or_default());
        bar.set_position(u64::try_from(view.done).unwrap_or_default());
        bar.set_message(latest(&view));
        if view.state.is_ended() {
            break;
        }
    }
    bar.finish();
    Ok(view)
}

async fn stop(service: &Service, run: RunId) -> Result<(), String> {
    let stopped = match service.run_kind(run).await {
        Ok(RunKind::Evaluation) => service.evaluation_stop(run).await,
        Ok(RunKind::Training) => service.training_stop(run).await,
        Err(error) => Err(error),
    };
    stopped.map_err(|error| explained(&error))
}

fn latest(view: &RunView) -> String {
    let value = |name: &str| view.series.get(name).and_then(|points| points.last()).map(|(_, value)| *value);
    match (value("reward/mean"), value("held_out/reward")) {
        (Some(reward), Some(held_out)) => format!("reward {reward:.3}, held out {held_out:.3}"),
        (Some(reward), None) => format!("reward {reward:.3}"),
        _ => view.outcomes.iter().map(|(outcome, n)| format!("{n} {outcome}")).collect::<Vec<_>>().join(", "),
    }
}

fn style(unit: &str) -> ProgressStyle {
    let template = format!("{{bar:40}} {{pos}}/{{len}} {unit} {{msg}} [{{elapsed}}]");
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
