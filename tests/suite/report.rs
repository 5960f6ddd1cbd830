//! `klartext report`: the figures of the page are those of the logs. That a browser shows it, too, where there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

fn klartext(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_klartext")).args(args).env_clear().output().unwrap()
}

fn file(name: &str, content: &str) -> PathBuf {
    // Each file in a folder of its own: the tests run side by side.
    static N_FILES: AtomicUsize = AtomicUsize::new(0);
    let n = N_FILES.fetch_add(1, Ordering::Relaxed);
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{}-{n}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), content).unwrap();
    folder.join(name)
}

/// A line of a log: minute and second, process, event, fields.
fn line(at: &str, instance: &str, event: &str, level: &str, fields: &Value) -> String {
    let mut line = json!({
        "timestamp": format!("2026-05-12T06:{at}.000000Z"), "level": level, "message": event.replace("klartext.", "it is "),
        "target": "klartext", "event.name": event, "service.instance.id": instance,
    });
    for (name, value) in fields.as_object().unwrap() {
        line[name] = value.clone();
    }
    format!("{line}\n")
}

/// A summary: counts since the start.
fn summary(at: &str, instance: &str, counts: [u64; 3], sites: &str, more: &Value) -> String {
    let [received, published, dead] = counts;
    let mut fields = json!({
        "klartext.is_final": false, "klartext.seconds": 60.0, "klartext.received": received,
        "klartext.published": published, "klartext.rejected": received - published - dead,
        "klartext.tombstones": 0, "klartext.dead_lettered": dead, "klartext.discarded": 0,
        "klartext.lag": 500, "klartext.lag_seconds": 2.5, "klartext.latency_ms.p50": 20.0,
        "klartext.latency_ms.p99": 90.0, "klartext.clean_ms.p99": 4.0, "klartext.rss_bytes": 104_857_600,
        "klartext.sites": sites, "klartext.failing_sites": "",
        "klartext.removed": format!("ad_label={}, nav={}", published * 2, published),
        "klartext.dead_lettered_by_reason": if dead > 0 { format!("invalid_json={dead}") } else { String::new() },
        "klartext.rejected_by_reason": format!("error_page={}", received - published - dead),
    });
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    line(at, instance, "klartext.summary", "INFO", &fields)
}

/// Process a: three minutes, and a last summary. Process b: dies without one, begins again from nothing.
fn log() -> String {
    let none = json!({});
    let mut log = String::new();
    log += &line("30:00", "a", "klartext.started", "INFO", &none);
    log += "klartext 0.1.0 begins\n";
    log += &line("30:01", "a", "klartext.partitions.assigned", "INFO", &none);
    log += &summary("31:00", "a", [100, 90, 4], "bote.example=60, post.example=40", &none);
    log += &summary("32:00", "a", [300, 280, 8], "bote.example=150, post.example=50", &none);
    // Asked for: the next one tells of its half minute again.
    log += &summary(
        "32:30",
        "a",
        [350, 330, 8],
        "bote.example=50",
        &json!({"klartext.seconds": 30.0}),
    );
    log += &line(
        "32:40",
        "a",
        "klartext.transaction.aborted",
        "WARN",
        &json!({"exception.message": "<fenced>"}),
    );
    log += &summary("33:00", "a", [400, 375, 9], "bote.example=100", &none);
    log += &line("30:00", "b", "klartext.started", "INFO", &none);
    log += &summary("31:00", "b", [50, 50, 0], "kurier.example=50", &none);
    log += &line("31:30", "b", "klartext.started", "INFO", &none);
    log += &summary("32:30", "b", [20, 20, 0], "kurier.example=20", &none);
    log += &summary(
        "33:00",
        "b",
        [30, 30, 0],
        "kurier.example=30",
        &json!({"klartext.is_final": true, "klartext.seconds": 90.0}),
    );
    log += &line("33:00", "b", "klartext.stopped", "INFO", &none);
    log
}

fn page() -> String {
    let log = file("klartext.log", &log());
    let output = klartext(&["report", log.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn figures(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"figures\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn the_figures_of_the_report_are_those_of_the_logs() {
    let figures = figures(&page());
    assert_eq!(figures["processes"], 2);
    assert_eq!(figures["runs"], 3);
    assert_eq!(figures["received"], 400 + 50 + 30);
    assert_eq!(figures["outcomes"]["published"], 375 + 50 + 30);
    assert_eq!(figures["outcomes"]["rejected"], 16);
    assert_eq!(figures["outcomes"]["dead_letters"], 9);
    assert_eq!(figures["dead_letters"], json!({"invalid_json": 9}));
    assert_eq!(figures["rejected"]["error_page"], 16);
    assert_eq!(figures["removed"], json!({"ad_label": 2 * 455, "nav": 455}));
    assert_eq!(
        figures["sites"],
        json!({"bote.example": 60 + 150 + 100, "post.example": 90, "kurier.example": 80})
    );
}

#[test]
fn processes_of_one_name_are_told_apart_by_their_logs_and_a_rotated_log_goes_on() {
    let none = json!({});
    let started = |at| line(at, "host", "klartext.started", "INFO", &none);
    let one = started("30:00") + &summary("31:00", "host", [100, 100, 0], "", &none);
    let one_rotated = summary("32:00", "host", [150, 150, 0], "", &none);
    let other = started("30:10") + &summary("31:30", "host", [40, 40, 0], "", &none);
    let files = [file("one.log", &one), file("other.log", &other), file("one.log.1", &one_rotated)];
    let mut args = vec!["report"];
    args.extend(files.iter().map(|file| file.to_str().unwrap()));
    let figures = figures(&String::from_utf8(klartext(&args).stdout).unwrap());
    assert_eq!(figures["received"], 150 + 40);
    assert_eq!(figures["runs"], 2);
}

#[test]
fn a_run_that_never_started_is_no_rotated_log_of_another() {
    let none = json!({});
    let started = |at| line(at, "host", "klartext.started", "INFO", &none);
    let whole = json!({"klartext.is_final": true, "klartext.seconds": 20.0});
    let killed = started("30:00") + &summary("31:00", "host", [100, 100, 0], "", &none);
    let guest = line("31:40", "host", "klartext.broker.trouble", "WARN", &none)
        + &summary("32:00", "host", [0, 0, 0], "", &whole);
    let files = [file("killed.log", &killed), file("guest.log", &guest)];
    let mut args = vec!["report"];
    args.extend(files.iter().map(|file| file.to_str().unwrap()));
    let figures = figures(&String::from_utf8(klartext(&args).stdout).unwrap());
    assert_eq!(figures["processes"], 2);
}

#[test]
fn the_courses_over_time_add_up_to_the_totals() {
    let figures = figures(&page());
    let sum = |outcome: usize| -> f64 {
        let bins = figures["pages"].as_array().unwrap();
        bins.iter().map(|bin| bin[outcome].as_f64().unwrap()).sum()
    };
    for (outcome, total) in [455.0, 16.0, 0.0, 9.0, 0.0].into_iter().enumerate() {
        assert!((sum(outcome) - total).abs() < 1e-6, "outcome {outcome}: {}", sum(outcome));
    }
    let lag: Vec<f64> =
        figures["lag"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(lag.contains(&1000.0), "the lag of both processes together: {lag:?}");
}

#[test]
fn restarts_rebalances_and_faults_are_marked_where_they_were() {
    let figures = figures(&page());
    let marks: Vec<(&str, &str)> = figures["marks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| (mark["at"].as_str().unwrap(), mark["kind"].as_str().unwrap()))
        .collect();
    assert!(marks.contains(&("2026-05-12T06:30:01Z", "rebalance")), "{marks:?}");
    assert!(marks.contains(&("2026-05-12T06:31:30Z", "restart")), "{marks:?}");
    assert!(marks.contains(&("2026-05-12T06:32:40Z", "fault")), "{marks:?}");
}

#[test]
fn a_process_that_was_killed_is_a_fault_at_its_last_line() {
    let figures = figures(&page());
    let ends: Vec<(&str, &str)> = figures["marks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|mark| mark["what"].as_str().unwrap().starts_with("ended without a word"))
        .map(|mark| (mark["at"].as_str().unwrap(), mark["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(ends, [("2026-05-12T06:31:00Z", "fault")]);
}

#[test]
fn a_log_that_ends_long_before_the_others_is_that_of_a_dead_process() {
    let none = json!({});
    let started = |at| line(at, "host", "klartext.started", "INFO", &none);
    let minutes = |from: u64, to: u64| -> String {
        let at = |minute| format!("{minute}:00");
        (from..to).map(|m| summary(&at(m), "host", [m, m, 0], "", &none)).collect()
    };
    let dead = file("dead.log", &(started("30:00") + &minutes(31, 34)));
    let alive = file("alive.log", &(started("30:00") + &minutes(31, 45)));
    let output = klartext(&["report", dead.to_str().unwrap(), alive.to_str().unwrap()]);
    let figures = figures(&String::from_utf8(output.stdout).unwrap());
    let marks = figures["marks"].as_array().unwrap();
    let ends: Vec<&Value> = marks
        .iter()
        .filter(|mark| mark["what"].as_str().unwrap().starts_with("ended without a word"))
        .collect();
    assert_eq!(ends.len(), 1, "{marks:?}");
    assert_eq!(ends[0]["at"], "2026-05-12T06:33:00Z");
}

#[test]
fn where_no_page_was_settled_there_is_no_latency() {
    let none = json!({});
    let idle = json!({"klartext.docs_per_second": 0.0, "klartext.latency_ms.p99": 0.0});
    let log = line("30:00", "a", "klartext.started", "INFO", &none)
        + &summary("31:00", "a", [100, 100, 0], "", &none)
        + &summary("32:00", "a", [100, 100, 0], "", &idle)
        + &summary("33:00", "a", [200, 200, 0], "", &none);
    let log = file("idle.log", &log);
    let output = klartext(&["report", log.to_str().unwrap()]);
    let figures = figures(&String::from_utf8(output.stdout).unwrap());
    let latency: Vec<f64> =
        figures["latency_ms_p99"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(latency.iter().all(|ms| *ms > 0.0) && !latency.is_empty(), "{latency:?}");
}

#[test]
fn the_page_asks_nothing_of_the_network_and_what_logs_say_is_no_markup() {
    let page = page();
    assert!(!page.contains("src=") && !page.contains("@import") && !page.contains("url("));
    assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http"));
    assert!(page.contains("&lt;fenced&gt;") && !page.contains("<fenced>"));
}

#[test]
fn logs_without_a_summary_are_told_so() {
    let log = file("people.log", "12:00:00  INFO summary\n");
    let output = klartext(&["report", log.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("log.format: json"));
}

#[test]
fn a_browser_shows_the_page_without_a_complaint() {
    let Some(browser) =
        ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
        })
    else {
        eprintln!("left out: there is no Chromium to look at the page with");
        return;
    };
    let page = file("report.html", &page());
    let profile = page.with_file_name("profile");
    let output = Command::new(browser)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(!complaints.contains(":CONSOLE"), "{complaints}");
    let dom = String::from_utf8_lossy(&output.stdout);
    assert_eq!(dom.matches("<svg").count(), 5, "{complaints}");
    assert!(dom.contains("<dt>received</dt><dd>480</dd>"));
}
