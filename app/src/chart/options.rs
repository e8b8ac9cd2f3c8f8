//! A plot in ECharts' words, built from charming's components.
//!
//! Serialised part by part: charming's `Chart` would bring every kind of series into the browser's bundle. ECharts' tooltip
//! draws itself on the canvas (`renderMode: richText`), which charming cannot say yet.

use super::{Curve, Limits, Look, Plot};
use charming::{
    component::{Axis, Grid},
    element::{
        AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LineStyle, LineStyleType, SplitLine, Symbol, TextStyle,
        Tooltip, Trigger,
    },
    series::Line,
};
use serde::Serialize;

/// Colours of the present theme, read from the tokens.
#[derive(Clone)]
pub struct Palette {
    /// Text of axes and tooltip.
    pub text: String,
    /// Axis labels.
    pub muted: String,
    /// Grid lines.
    pub line: String,
    /// Behind the tooltip.
    pub surface: String,
    /// Series colours 1 to 8.
    pub series: Vec<String>,
}

/// The options of one chart.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    animation: bool,
    tooltip: RichTooltip,
    grid: Grid,
    x_axis: Axis,
    y_axis: Axis,
    series: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RichTooltip {
    #[serde(flatten)]
    tooltip: Tooltip,
    render_mode: &'static str,
    confine: bool,
    text_style: TextStyle,
}

/// The options that draw `plot` within these limits.
pub fn options(plot: &Plot, limits: (Limits, Limits), palette: &Palette) -> Options {
    let tooltip = Tooltip::new()
        .trigger(Trigger::Axis)
        .background_color(palette.surface.as_str())
        .border_color(palette.line.as_str())
        .border_width(1.0);
    Options {
        animation: false,
        tooltip: RichTooltip {
            tooltip,
            render_mode: "richText",
            confine: true,
            text_style: TextStyle::new().color(palette.text.as_str()).font_size(12.0),
        },
        grid: Grid::new().left(44).right(12).top(12).bottom(28),
        x_axis: axis(limits.0, palette).split_line(SplitLine::new().show(false)),
        y_axis: axis(limits.1, palette)
            .split_line(SplitLine::new().line_style(LineStyle::new().color(palette.line.as_str()))),
        series: plot.curves.iter().enumerate().map(|(at, curve)| line(at, curve, palette)).collect(),
    }
}

fn axis(limits: Limits, palette: &Palette) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .min(limits.min)
        .max(limits.max)
        .interval(limits.interval)
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(AxisLabel::new().color(palette.muted.as_str()).font_size(12.0))
}

fn line(at: usize, curve: &Curve, palette: &Palette) -> Line {
    let slot = usize::from(curve.colour).saturating_sub(1);
    let colour = palette.series.get(slot).cloned().unwrap_or_else(|| palette.text.clone());
    let (width, opacity, dash) = match curve.look {
        Look::Faint => (1.0, 0.45, LineStyleType::Solid),
        Look::Bold => (2.0, 1.0, LineStyleType::Solid),
        Look::Marked => (1.5, 1.0, LineStyleType::Dashed),
        Look::Reference => (1.5, 0.9, LineStyleType::Dotted),
    };
    let lone = curve.points.len() == 1;
    let marked = lone || curve.look == Look::Marked;
    Line::new()
        .id(format!("curve-{at}"))
        .name(curve.name.as_str())
        .show_symbol(marked)
        .symbol(if curve.look == Look::Marked { Symbol::Circle } else { Symbol::Diamond })
        .symbol_size(if marked { 6.0 } else { 4.0 })
        .item_style(ItemStyle::new().color(colour.as_str()))
        .line_style(LineStyle::new().color(colour.as_str()).width(width).opacity(opacity).type_(dash))
        .data(curve.points.iter().map(|(x, y)| vec![*x as f64, rounded(*y)]).collect::<Vec<_>>())
}

/// Four decimals: what the tooltip shows.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
