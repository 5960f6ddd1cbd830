//! One plot over time as SVG. Colours are stand-ins, `#010101` for the first of the page's palette and so on: the page's style
//! sheet puts its own in their place, light or dark.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::figures::{Figures, MarkKind};

/// Size of a plot, in pixels of its own: small, so that letters are still read where a phone shows it.
const SIZE: (u32, u32) = (520, 230);
/// Height of letters, pixels.
const LETTERS: u32 = 13;
/// Space left above the highest value.
const HEADROOM: f64 = 1.08;

/// Stand-ins for the colours of the page.
pub(super) const INK: u8 = 1;
const GRID: u8 = 2;
/// The first colour of series; the others follow.
pub(super) const FIRST_SERIES: u8 = 3;
/// The first colour of marks; the others follow in the order of [`MarkKind::ALL`].
pub(super) const FIRST_MARK: u8 = 10;

/// More marks than these are drawn pale.
const MANY_MARKS: usize = 40;

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Why a plot cannot be drawn.
pub(super) type DrawError = DrawingAreaErrorKind<std::io::Error>;

/// What is plotted.
pub(super) struct Plot<'p> {
    /// What it shows, for those who cannot see it.
    pub(super) title: &'p str,
    pub(super) series: Vec<Series>,
    pub(super) form: Form,
}

/// One course: a value for each bin that has one.
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) values: Vec<Option<f64>>,
}

/// How it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Bars, each series on top of the one before.
    Stacked,
    /// Lines.
    Lines,
}

/// The colour of a stand-in.
pub(super) const fn colour(stand_in: u8) -> RGBColor {
    RGBColor(stand_in, stand_in, stand_in)
}

/// Draws a plot.
pub(super) fn draw(figures: &Figures, plot: &Plot<'_>) -> Result<String, DrawError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        draw_on(&area, figures, plot)?;
        area.present()?;
    }
    let label = format!("<svg role=\"img\" aria-label=\"{}\" ", plot.title);
    Ok(svg.replacen("<svg ", &label, 1))
}

fn draw_on(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    figures: &Figures,
    plot: &Plot<'_>,
) -> Result<(), DrawError> {
    let axis = Axis::of(figures);
    let time = axis.at(0.0)..axis.at(figures.seconds().max(1.0));
    let top = highest(plot) * HEADROOM;
    let letters = ("sans-serif", LETTERS).into_font().color(&colour(INK));
    let mut chart = ChartBuilder::on(area)
        .margin(6)
        .margin_right(18)
        .x_label_area_size(26)
        .y_label_area_size(52)
        .build_cartesian_2d(time, 0.0..top)?;
    let clock = |at: &f64| axis.clock(*at);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(colour(GRID))
        .axis_style(colour(GRID))
        .x_labels(5)
        .y_labels(5)
        .x_label_formatter(&clock)
        .y_label_formatter(&|value| short(*value))
        .label_style(letters)
        .draw()?;
    if plot.form == Form::Lines {
        draw_marks(&mut chart, figures, &axis, top)?;
    }
    let mut floor = vec![0.0; figures.bins.len()];
    for (stand_in, series) in (FIRST_SERIES..).zip(&plot.series) {
        let style = colour(stand_in);
        match plot.form {
            Form::Stacked => {
                chart.draw_series(bars(figures, &axis, series, &mut floor).map(|(x, y)| {
                    Rectangle::new([(x.start, y.start), (x.end, y.end)], style.filled())
                }))?;
            }
            Form::Lines => {
                for piece in pieces(figures, &axis, series) {
                    // A single value would be no line.
                    if let [(x, y)] = piece.as_slice() {
                        chart.draw_series([Circle::new((*x, *y), 2, style.filled())])?;
                    }
                    chart.draw_series(LineSeries::new(piece, style.stroke_width(2)))?;
                }
            }
        }
    }
    if plot.form == Form::Stacked {
        draw_marks(&mut chart, figures, &axis, top)?;
    }
    Ok(())
}

/// Upright lines where something happened: above bars, below lines. Many of them are pale, not to hide the rest.
fn draw_marks(
    chart: &mut Chart<'_, '_>,
    figures: &Figures,
    axis: &Axis,
    top: f64,
) -> Result<(), DrawError> {
    let opacity = if figures.marks.len() > MANY_MARKS { 0.25 } else { 0.9 };
    for mark in &figures.marks {
        let at = axis.at(figures.seconds_at(mark.at));
        let kind = MarkKind::ALL.iter().position(|kind| *kind == mark.kind).unwrap_or(0);
        let style = colour(FIRST_MARK + u8::try_from(kind).unwrap_or(0)).mix(opacity);
        chart.draw_series(LineSeries::new([(at, 0.0), (at, top)], style))?;
    }
    Ok(())
}

/// The bars of a series on those below it; `floor` is raised.
fn bars<'b>(
    figures: &'b Figures,
    axis: &'b Axis,
    series: &'b Series,
    floor: &'b mut [f64],
) -> impl Iterator<Item = (Range<f64>, Range<f64>)> + 'b {
    let width = figures.bin_seconds;
    let end = figures.seconds().max(1.0);
    let bins = floor.iter_mut().zip(&series.values).zip(0_u32..);
    bins.filter_map(move |((floor, value), idx)| {
        let value = value.filter(|value| *value > 0.0)?;
        let begin = f64::from(idx) * width;
        let y = *floor..*floor + value;
        *floor += value;
        // A hair of space between two bars.
        Some((axis.at(begin + width * 0.06)..axis.at((begin + width * 0.94).min(end)), y))
    })
}

/// The pieces of a line between its gaps; a value stands at the end of its bin.
fn pieces(figures: &Figures, axis: &Axis, series: &Series) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = vec![Vec::new()];
    let end = figures.seconds().max(1.0);
    for (idx, value) in (1_u32..).zip(&series.values) {
        match (value, pieces.last_mut()) {
            (Some(value), Some(piece)) => {
                let at = (f64::from(idx) * figures.bin_seconds).min(end);
                piece.push((axis.at(at), *value));
            }
            (None, Some(piece)) if !piece.is_empty() => pieces.push(Vec::new()),
            _ => {}
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn highest(plot: &Plot<'_>) -> f64 {
    let n_bins = plot.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let at = |series: &Series, bin: usize| series.values.get(bin).copied().flatten().unwrap_or(0.0);
    let of_bin = |bin: usize| {
        let values = plot.series.iter().map(|series| at(series, bin));
        match plot.form {
            Form::Stacked => values.sum(),
            Form::Lines => values.fold(0.0, f64::max),
        }
    };
    let highest = (0..n_bins).map(of_bin).fold(0.0, f64::max);
    if highest > 0.0 { highest } else { 1.0 }
}

/// The time axis: counted from a full hour in seconds, minutes or hours, so that round numbers are round times.
struct Axis {
    hour: Timestamp,
    /// Seconds from the full hour to the beginning.
    offset: f64,
    /// Seconds in one unit.
    unit: f64,
    form: &'static str,
}

impl Axis {
    fn of(figures: &Figures) -> Self {
        const HOUR: i64 = 3600;
        let begin = figures.from.as_second();
        let hour = Timestamp::from_second(begin - begin.rem_euclid(HOUR)).unwrap_or(figures.from);
        let offset = figures.from.duration_since(hour).as_secs_f64();
        let (unit, form) = match figures.seconds() {
            short if short < 200.0 => (1.0, "%H:%M:%S"),
            hours if hours < 3.0 * 3600.0 => (60.0, "%H:%M"),
            day if day < 100_000.0 => (3600.0, "%H:%M"),
            _ => (3600.0, "%m-%d %H:%M"),
        };
        Self { hour, offset, unit, form }
    }

    /// Where a time stands that is so many seconds after the beginning.
    fn at(&self, seconds: f64) -> f64 {
        (self.offset + seconds) / self.unit
    }

    /// The time of day, UTC, of a place.
    fn clock(&self, at: f64) -> String {
        let seconds = (at * self.unit).round().clamp(0.0, 1e10);
        (self.hour + SignedDuration::from_secs_f64(seconds)).strftime(self.form).to_string()
    }
}

/// `1.5k`, `20M`, `0.25`.
pub(super) fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        big if big >= 1e9 => (value / 1e9, "G"),
        big if big >= 1e6 => (value / 1e6, "M"),
        big if big >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = if scaled.abs() >= 100.0 || scaled.fract() == 0.0 {
        0
    } else if scaled.abs() >= 1.0 {
        1
    } else {
        2
    };
    format!("{scaled:.digits$}{unit}")
}
