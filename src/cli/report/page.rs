//! The page: one file, no network, no script.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::chart::{self, DrawError, Form, Plot, Series};
use super::figures::{Bin, Figures, MarkKind, largest};
use super::runs::{Counts, OUTCOMES};

const STYLE: &str = include_str!("report.css");

/// Most bars of one table.
const MAX_BARS: usize = 40;

/// Writes the page.
pub(super) fn write(figures: &Figures) -> Result<String, DrawError> {
    let mut html = String::new();
    // Writing into a text cannot fail.
    let _infallible = write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>klartext, {} to {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        moment(figures.from),
        moment(figures.to)
    );
    head(&mut html, figures);
    plots(&mut html, figures)?;
    html.push_str("<div class=\"tables\">\n");
    let runs = &figures.runs;
    bars(&mut html, "removed", "Removed blocks by class", &runs.removed);
    bars(&mut html, "sites", "Sites by pages", &runs.sites);
    bars(&mut html, "failing-sites", "Sites by pages not published", &runs.failing_sites);
    bars(&mut html, "dead-letters", "Dead letters by reason", &runs.dead_lettered);
    bars(&mut html, "rejected", "Rejected pages by reason", &runs.rejected);
    html.push_str("</div>\n");
    marks(&mut html, figures);
    // `<` cannot end the element early.
    let data = figures_json(figures).to_string().replace('<', "\\u003c");
    let _infallible = write!(
        html,
        "<script type=\"application/json\" id=\"figures\">{data}</script>\n</main>\n</body>\n</html>\n"
    );
    Ok(html)
}

fn head(html: &mut String, figures: &Figures) {
    let runs = &figures.runs;
    let _infallible = write!(
        html,
        "<h1>klartext</h1>\n<p class=\"when\">{} to {} UTC · {} · {}</p>\n<dl class=\"totals\">\n\
         <div><dt>received</dt><dd>{}</dd></div>\n",
        moment(figures.from),
        moment(figures.to),
        several(figures.n_processes, "process", "processes"),
        several(runs.processes_begun, "run", "runs"),
        grouped(runs.received)
    );
    for (name, n) in figures.totals() {
        let _infallible = writeln!(html, "<div><dt>{name}</dt><dd>{}</dd></div>", grouped(n));
    }
    html.push_str("</dl>\n");
    if figures.n_passed_over > 0 {
        let lines = several(figures.n_passed_over, "line", "lines");
        let _infallible =
            writeln!(html, "<p class=\"note\">{lines} of the logs were no events of klartext.</p>");
    }
}

fn plots(html: &mut String, figures: &Figures) -> Result<(), DrawError> {
    let rate = |at: usize| {
        let value = move |bin: &Bin| bin.outcomes.get(at).map(|n| n / figures.bin_seconds);
        figures.bins.iter().map(value).collect()
    };
    let outcomes = OUTCOMES
        .iter()
        .enumerate()
        .map(|(at, (_, name))| Series { name, values: rate(at) })
        .collect();
    let course = |name: &'static str, of: fn(&Bin) -> Option<f64>| Series {
        name,
        values: figures.bins.iter().map(of).collect(),
    };
    html.push_str("<div class=\"plots\">\n");
    let all = [
        Plot { title: "Pages a second, by outcome", series: outcomes, form: Form::Stacked },
        Plot {
            title: "Lag, records",
            series: vec![course("all processes", |bin| bin.lag)],
            form: Form::Lines,
        },
        Plot {
            title: "Lag, seconds",
            series: vec![course("slowest partition", |bin| bin.lag_seconds)],
            form: Form::Lines,
        },
        Plot {
            title: "Latency, milliseconds",
            series: vec![
                course("read to commit, p50", |bin| bin.latency_p50),
                course("read to commit, p99", |bin| bin.latency_p99),
                course("cleaning, p99", |bin| bin.clean_p99),
            ],
            form: Form::Lines,
        },
        Plot {
            title: "Memory, MiB",
            series: vec![course("largest process", |bin| bin.rss_mib)],
            form: Form::Lines,
        },
    ];
    for plot in all {
        let svg = chart::draw(figures, &plot)?;
        let _infallible =
            write!(html, "<figure>\n<figcaption>{}</figcaption>\n{svg}\n", plot.title);
        legend(html, figures, &plot);
        html.push_str("</figure>\n");
    }
    html.push_str("</div>\n");
    Ok(())
}

fn legend(html: &mut String, figures: &Figures, plot: &Plot<'_>) {
    html.push_str("<p class=\"legend\">");
    for (stand_in, series) in (chart::FIRST_SERIES..).zip(&plot.series) {
        let has_any = series.values.iter().flatten().any(|value| *value > 0.0);
        if has_any || plot.form == Form::Lines {
            let _infallible =
                write!(html, "<span><i class=\"c{stand_in}\"></i>{}</span>", series.name);
        }
    }
    for (stand_in, kind) in (chart::FIRST_MARK..).zip(MarkKind::ALL) {
        if figures.marks.iter().any(|mark| mark.kind == kind) {
            let _infallible =
                write!(html, "<span><i class=\"mark c{stand_in}\"></i>{}</span>", kind.as_str());
        }
    }
    html.push_str("</p>\n");
}

fn bars(html: &mut String, id: &str, title: &str, counts: &Counts) {
    let counts = largest(counts);
    let _infallible = write!(html, "<section id=\"{id}\">\n<h2>{title}</h2>\n");
    let Some((_, most)) = counts.first().copied() else {
        html.push_str("<p class=\"note\">none</p>\n</section>\n");
        return;
    };
    html.push_str("<table>\n");
    for (name, n) in counts.iter().take(MAX_BARS) {
        let percent = n.saturating_mul(100) / most.max(1);
        let _infallible = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"bar\"><span style=\"width:{percent}%\"></span></td></tr>",
            escaped(name),
            grouped(*n)
        );
    }
    html.push_str("</table>\n");
    let n_more = counts.len().saturating_sub(MAX_BARS);
    if n_more > 0 {
        let _infallible = writeln!(html, "<p class=\"note\">and {n_more} more</p>");
    }
    html.push_str("</section>\n");
}

fn marks(html: &mut String, figures: &Figures) {
    html.push_str("<section id=\"marks\">\n<h2>Restarts, rebalances, faults</h2>\n");
    if figures.marks.is_empty() {
        html.push_str("<p class=\"note\">none</p>\n</section>\n");
        return;
    }
    html.push_str("<table class=\"marks\">\n");
    for mark in &figures.marks {
        let _infallible = writeln!(
            html,
            "<tr class=\"{kind}\"><td>{}</td><td class=\"kind\">{kind}</td><td>{}</td><td class=\"who\">{}</td></tr>",
            mark.at.strftime("%m-%d %H:%M:%S"),
            escaped(&mark.what),
            escaped(&mark.instance),
            kind = mark.kind.as_str()
        );
    }
    html.push_str("</table>\n");
    if figures.n_marks_left_out > 0 {
        let _infallible = writeln!(
            html,
            "<p class=\"note\">and {} more, neither listed nor marked in the plots</p>",
            figures.n_marks_left_out
        );
    }
    html.push_str("</section>\n");
}

/// The figures for programs, in the page itself.
fn figures_json(figures: &Figures) -> Value {
    let runs = &figures.runs;
    let outcomes: serde_json::Map<String, Value> =
        figures.totals().map(|(name, n)| (name.replace(' ', "_"), n.into())).collect();
    let marks: Vec<Value> = figures
        .marks
        .iter()
        .map(|mark| json!({"at": mark.at.to_string(), "kind": mark.kind.as_str(), "what": mark.what}))
        .collect();
    let course =
        |of: &dyn Fn(&Bin) -> Value| -> Vec<Value> { figures.bins.iter().map(of).collect() };
    json!({
        "from": figures.from.to_string(),
        "to": figures.to.to_string(),
        "processes": figures.n_processes,
        "runs": runs.processes_begun,
        "received": runs.received,
        "outcomes": outcomes,
        "removed": runs.removed,
        "sites": runs.sites,
        "failing_sites": runs.failing_sites,
        "dead_letters": runs.dead_lettered,
        "rejected": runs.rejected,
        "bin_seconds": figures.bin_seconds,
        "pages": course(&|bin| json!(bin.outcomes)),
        "lag": course(&|bin| json!(bin.lag)),
        "latency_ms_p99": course(&|bin| json!(bin.latency_p99)),
        "marks": marks,
    })
}

fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn several(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// `1 234 567`, with narrow blanks; large numbers short as well.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
