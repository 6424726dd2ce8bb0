//! The program as people run it: on a disk, in a folder of their own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::publisher::{CONFIG, HELLO};

pub struct Site(TempDir);

impl Site {
    pub fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn new() -> Self {
        Self::empty().file("feedwright.toml", CONFIG).file("articles/hello.md", HELLO)
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        command.current_dir(self.path()).args(arguments).env_remove("SOURCE_DATE_EPOCH");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const NOW: &[&str] = &["build", "--now", "2026-11-22T00:00:00Z"];

#[test]
fn build_says_in_a_few_lines_what_it_did() {
    let site = Site::new().file("articles/later.md", "---\ntitle: Later\ndate: 2027-01-01\n---\nx\n");
    let output = site.run(NOW);
    assert_eq!(
        said(&output),
        "2 articles: 1 in feeds, 1 withheld (1 due later)\n\
         1 feed in 6 documents: 6 written, 0 unchanged\n\
         the next article is due 2027-01-01 00:00 UTC: build again then\n\
         1 note\n"
    );
    assert!(output.status.success() && printed(&output).is_empty());
    assert!(site.read("feeds/rss.xml").starts_with("<?xml"));
}

#[test]
fn timings_name_every_step() {
    let site = Site::new();
    let output = site.run(&["build", "--timings"]);
    for step in ["walk", "compare", "read", "parse", "ledger", "select", "render", "write"] {
        assert!(said(&output).contains(&format!("{step} ")), "{step}: {}", said(&output));
    }
    let output = site.run(&["build", "--timings", "--message-format", "json"]);
    let lines: Vec<Value> =
        printed(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let timings = &lines.iter().find(|line| line["event"] == "timings").unwrap()["milliseconds"];
    assert!(timings["ledger"].is_number());
    assert!(timings["compare"].as_f64().unwrap() > 0.0, "that nothing has changed was found out there");
    assert!(timings["parse"].as_f64().unwrap() == 0.0, "nothing was parsed again");
    assert_eq!(lines.last().unwrap()["event"], "built");
}

#[test]
fn quiet_says_nothing() {
    let output = Site::new().run(&["build", "--quiet"]);
    assert!(output.stderr.is_empty() && output.stdout.is_empty());
}

#[test]
fn json_messages_are_one_object_a_line_and_end_with_what_was_built() {
    let site = Site::new().file("articles/bad.md", "---\ntitle: Bad\ndate: next Tuesday\n---\nx\n");
    let output = site.run(&[NOW, &["--message-format", "json"]].concat());
    let lines: Vec<Value> =
        printed(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fault = lines.iter().find(|line| line["rule"] == "unreadable-date").unwrap();
    assert_eq!(
        (&fault["path"], &fault["line"], &fault["column"]),
        (&"articles/bad.md".into(), &3.into(), &7.into())
    );
    let built = lines.last().unwrap();
    assert_eq!(
        (&built["event"], &built["entries"], &built["withheld"]),
        (&"built".into(), &1.into(), &1.into())
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn github_messages_are_workflow_commands() {
    let site = Site::new().file("articles/bad.md", "---\ntitle: Bad\ndate: next Tuesday\n---\nx\n");
    let output = site.run(&[NOW, &["--message-format", "github"]].concat());
    let expected = "::warning file=articles/bad.md,line=3,col=7,title=unreadable-date::";
    assert!(printed(&output).starts_with(expected), "{}", printed(&output));
}

#[test]
fn a_diagnostic_shows_the_authors_line_and_what_to_do() {
    let site = Site::new().file("articles/bad.md", "---\ntitle: Bad\ndate: next Tuesday\n---\nx\n");
    let said = said(&site.run(NOW));
    for part in [
        "warning[unreadable-date]",
        "--> articles/bad.md:3:7",
        "date: next Tuesday",
        "^^^^^^^^^^^^",
        "help: ",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains('\u{1b}'), "no colour where nobody watches");
}

#[test]
fn exit_statuses_tell_faults_from_trouble() {
    let site = Site::new().file("articles/bad.md", "---\ntitle: Bad\ndate: next Tuesday\n---\nx\n");
    let status = |arguments: &[&str]| site.run(arguments).status.code().unwrap();
    assert_eq!(status(NOW), 0);
    assert_eq!(status(&[NOW, &["--deny", "warnings"]].concat()), 1);
    assert_eq!(status(&[NOW, &["--deny", "unreadable-date"]].concat()), 1);
    assert_eq!(status(&[NOW, &["--deny", "missing-alt"]].concat()), 0);
    assert_eq!(status(&["biuld"]), 2);
    assert_eq!(status(&["--help"]), 0);
    assert_eq!(Site::empty().run(NOW).status.code(), Some(1), "no feedwright.toml");
    let faulty = Site::empty().file("feedwright.toml", "[publication]\n");
    assert_eq!(faulty.run(NOW).status.code(), Some(1));
    let in_the_way = Site::new().file("feeds", "a file");
    let output = in_the_way.run(NOW);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("feeds"), "{}", said(&output));
    assert_eq!(in_the_way.read("feeds"), "a file");
}

#[test]
fn two_builds_in_other_folders_zones_locales_and_years_give_the_same_bytes() {
    let (here, there) = (Site::new(), Site::new());
    let first =
        here.command(&["build"]).env("TZ", "Pacific/Auckland").env("LC_ALL", "de_DE.UTF-8").output().unwrap();
    let second = there
        .command(&["-C", there.path().to_str().unwrap(), "build", "--now", "2044-01-01T00:00:00Z"])
        .env("TZ", "America/Caracas")
        .env("LC_ALL", "C")
        .current_dir("/")
        .output()
        .unwrap();
    assert!(first.status.success() && second.status.success());
    for path in ["feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json", "feeds/feeds.opml"] {
        assert_eq!(here.read(path), there.read(path), "{path}");
    }
}

#[test]
fn source_date_epoch_is_the_instant_of_the_build() {
    let site =
        Site::new().file("articles/later.md", "---\ntitle: Later\ndate: 2027-01-01T00:00:00Z\n---\nx\n");
    let build = |epoch: &str| site.command(&["build"]).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
    assert!(said(&build("1798761599")).contains("1 in feeds"));
    assert!(said(&build("1798761600")).contains("2 in feeds"));
    assert_eq!(build("soon").status.code(), Some(2));
}

#[test]
fn files_that_stay_the_same_keep_their_times() {
    let site = Site::new();
    site.run(NOW);
    let time = |path: &str| fs::metadata(site.path().join(path)).unwrap().modified().unwrap();
    let before = time("feeds/rss.xml");
    site.run(NOW);
    assert_eq!(time("feeds/rss.xml"), before);
}

#[test]
fn the_cache_tells_git_and_backups_to_leave_it_alone() {
    let site = Site::new();
    site.run(NOW);
    assert_eq!(site.read(".feedwright/.gitignore"), "*\n");
    assert!(site.read(".feedwright/CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
    fs::remove_dir_all(site.path().join(".feedwright")).unwrap();
    assert!(said(&site.run(NOW)).contains("0 written, 6 unchanged"));
}

#[test]
fn ignored_hidden_and_excluded_files_are_no_articles() {
    let site = Site::new()
        .file("articles/.gitignore", "ignored.md\n")
        .file("articles/ignored.md", HELLO)
        .file("articles/.hidden/x.md", HELLO)
        .file("articles/README.md", "# Read me\n");
    assert!(said(&site.run(NOW)).starts_with("1 article: 1 in feeds\n"));
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed_out_of_the_publication() {
    use std::os::unix::fs::symlink;
    let outside = Site::empty().file("secret.md", "---\ntitle: SECRET\ndate: 2024-01-01\n---\nx\n");
    let site = Site::new();
    let articles = site.path().join("articles");
    symlink(outside.path().join("secret.md"), articles.join("stray.md")).unwrap();
    symlink(outside.path(), articles.join("folder")).unwrap();
    symlink("nowhere.md", articles.join("broken.md")).unwrap();
    symlink("..", articles.join("round")).unwrap();
    let output = site.run(&[NOW, &["--message-format", "json"]].concat());
    assert!(output.status.success());
    assert_eq!(printed(&output).matches("\"stray-symlink\"").count(), 4, "{}", printed(&output));
    assert!(!site.read("feeds/rss.xml").contains("SECRET"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_diagnosed_and_the_rest_is_built() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new().file("articles/closed/x.md", HELLO);
    let closed = site.path().join("articles/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_all = fs::read_dir(&closed).is_ok();
    let output = site.run(&[NOW, &["--message-format", "json"]].concat());
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    if may_read_all {
        eprintln!("SKIPPED: this user may read every folder, so none can be closed to it");
        return;
    }
    assert!(printed(&output).contains("\"unreadable-file\""));
    assert!(printed(&output).contains("\"entries\":1"));
}

#[test]
fn many_builds_at_once_take_turns() {
    let mut site = Site::new();
    for number in 0..50 {
        site =
            site.file(&format!("articles/{number}.md"), HELLO.replace("Hello", &format!("Hello {number}")));
    }
    let children: Vec<_> = (0..6).map(|_| site.command(NOW).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert!(said(&site.run(NOW)).contains("0 written, 6 unchanged"));
}

#[test]
fn init_starts_a_publication_that_builds() {
    let site = Site::empty();
    let output =
        site.run(&["init", "news", "--title", "The \"News\"", "--home", "https://www.example.org/news"]);
    assert_eq!(
        printed(&output),
        "feedwright.toml\narticles/welcome.md\n.gitattributes\n",
        "{}",
        said(&output)
    );
    assert!(site.read("news/feedwright.toml").contains("authority = \"example.org\""));
    let built = site.run(&["-C", "news", "build"]);
    assert!(said(&built).starts_with("1 article: 1 in feeds\n"), "{}", said(&built));
    let again = site.run(&["init", "news"]);
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn init_without_a_terminal_names_the_flag_that_is_missing() {
    let output = Site::empty().run(&["init", "--title", "News"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--home"));
}

#[test]
fn init_takes_over_what_an_existing_site_says_of_itself() {
    let sites = [
        (
            "hugo.toml",
            "baseURL = 'https://hugo.example/'\ntitle = 'Hugo site'\nlanguageCode = 'en-GB'\n",
            "hugo",
            "content/posts/a.md",
            "index.xml",
        ),
        (
            "config.toml",
            "base_url = \"https://zola.example\"\ntitle = \"Zola site\"\ndefault_language = \"fr\"\n",
            "zola",
            "content/a.md",
            "atom.xml",
        ),
        (
            "_config.yml",
            "title: Jekyll site\nurl: https://jekyll.example\nbaseurl: /blog\npermalink: pretty\n",
            "jekyll",
            "_posts/2024-01-01-a.md",
            "feed.xml",
        ),
        (
            "pelicanconf.py",
            "SITENAME = 'Pelican site'\nSITEURL = \"https://pelican.example\"\nTIMEZONE = 'Europe/Paris'\n",
            "pelican",
            "content/a.md",
            "feeds/all.atom.xml",
        ),
    ];
    for (name, text, dialect, article, feed) in sites {
        let site = Site::empty().file(name, text).file(article, "---\ntitle: A\ndate: 2024-01-01\n---\nx\n");
        let output = site.run(&["init"]);
        assert!(output.status.success(), "{name}: {}", said(&output));
        let config = site.read("feedwright.toml");
        for part in
            [format!("dialect = \"{dialect}\""), format!("https://{dialect}.example"), feed.to_owned()]
        {
            assert!(config.contains(&part), "{part} in {config}");
        }
        let built = site.run(NOW);
        assert!(said(&built).starts_with("1 article: 1 in feeds"), "{name}: {}", said(&built));
        assert!(site.path().join("feeds").join(feed).exists());
    }
}

#[test]
fn new_starts_an_article_in_the_publications_dialect() {
    let site = Site::new();
    let output =
        site.run(&["new", "Tides: a \"primer\"", "--section", "guides", "--date", "2026-01-02T03:04:05Z"]);
    let path = printed(&output).trim().to_owned();
    assert_eq!(path, "articles/guides/tides-a-primer.md", "{}", said(&output));
    site.run(NOW);
    assert!(site.read("feeds/feed.json").contains("Tides: a \\\"primer\\\""));
    assert_eq!(site.run(&["new", "Tides: a \"primer\"", "--section", "guides"]).status.code(), Some(2));
}

#[test]
fn new_does_not_leave_the_articles_folder() {
    let site = Site::new();
    let output = site.run(&["new", "../../x", "--section", "../.."]);
    let outside = site.path().parent().unwrap().join("x.md");
    assert!(!outside.exists(), "{}", said(&output));
}

#[test]
fn completions_and_manual_pages_come_from_the_command_line_itself() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(printed(&site.run(&["completions", shell])).contains("feedwright"), "{shell}");
    }
    assert!(printed(&site.run(&["man"])).contains(".TH feedwright"));
    assert!(printed(&site.run(&["man", "build"])).contains("SOURCE_DATE_EPOCH"));
}

/// As archives, Nix and some deployments leave them: a size, a time and a file number that stay the same.
#[test]
fn an_edit_that_keeps_size_time_and_inode_is_seen() {
    use std::time::{Duration, SystemTime};
    let epoch = SystemTime::UNIX_EPOCH;
    for time in [
        epoch,
        epoch + Duration::from_nanos(1),
        epoch - Duration::from_millis(1500),
        epoch + Duration::from_secs(1 << 30),
    ] {
        let site = Site::new();
        let write = |text: &str| {
            let path = site.path().join("articles/hello.md");
            fs::write(&path, HELLO.replace("Hello, *world*", text)).unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        };
        for text in ["First words one", "First words two", "Other words two"] {
            write(text);
            assert!(site.run(NOW).status.success());
            assert!(site.read("feeds/rss.xml").contains(text), "{text} at {time:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn no_link_and_no_pipe_leads_out_of_the_publication() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::new().unwrap();
    let at = |path: &str| outside.path().join(path);
    fs::write(at("secret.html"), "TOKEN=hunter2").unwrap();
    fs::write(at("authors.yml"), "ada: { name: hunter2 }").unwrap();
    fs::create_dir(at("elsewhere")).unwrap();
    let article = HELLO.replace("date:", "author: ada\ntags: [a]\ndate:");
    let more = "[page]\ntemplate = \"t.html\"\n[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\n";
    let site =
        Site::empty().file("feedwright.toml", format!("{CONFIG}{more}")).file("articles/hello.md", article);
    fs::create_dir_all(site.path().join("data")).unwrap();
    fs::create_dir_all(site.path().join("feeds")).unwrap();
    symlink(at("secret.html"), site.path().join("t.html")).unwrap();
    symlink(at("authors.yml"), site.path().join("data/authors.yml")).unwrap();
    symlink("/dev/zero", site.path().join("articles/.gitignore")).unwrap();
    let output = site.run(NOW);
    assert!(said(&output).contains("unusable-template"), "{}", said(&output));
    assert!(site.read("feeds/rss.xml").contains("ada") && !site.read("feeds/rss.xml").contains("hunter2"));

    fs::remove_dir_all(site.path().join("feeds")).unwrap();
    fs::create_dir_all(site.path().join("feeds")).unwrap();
    symlink(at("elsewhere"), site.path().join("feeds/tags")).unwrap();
    let output = site.run(NOW);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("leads out of the folder"), "{}", said(&output));
    assert_eq!(fs::read_dir(at("elsewhere")).unwrap().count(), 0);

    fs::remove_file(site.path().join("articles/.gitignore")).unwrap();
    fs::remove_file(site.path().join("feeds/tags")).unwrap();
    assert!(Command::new("mkfifo").arg(site.path().join("articles/.gitignore")).status().unwrap().success());
    assert!(site.run(NOW).status.success(), "a pipe is not waited for");
}

#[test]
fn a_build_writes_over_nothing_that_is_not_a_feed() {
    let feeds = "[feeds]\npath = \".\"\n[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"section\"\n\
                 name = \"articles/{section}\"\nfiles = { rss = \"hello.md\" }\n";
    let site = Site::empty()
        .file("feedwright.toml", format!("{CONFIG}{feeds}"))
        .file("articles/news/hello.md", HELLO);
    for _ in 0..2 {
        let output = site.run(NOW);
        assert!(said(&output).contains("reserved-path"), "{}", said(&output));
        assert_eq!(site.read("articles/news/hello.md"), HELLO);
    }
}

#[cfg(unix)]
#[test]
fn nothing_that_a_terminal_obeys_gets_into_diagnostics() {
    let fault = HELLO.replace("2024-05-06T10:00:00Z", "nope");
    let site = Site::new()
        .file("articles/\u{1b}]0;own\u{7}x.md", fault)
        .file("articles/c1.md", HELLO.replace("date:", "lang: \"\\u009b31m\\u202e\"\ndate:"));
    for format in ["human", "json", "github"] {
        let output = site.run(&[NOW, &["--message-format", format]].concat());
        let text = said(&output) + &printed(&output);
        let obeyed = |character: char| character.is_control() && character != '\n' || character == '\u{202e}';
        assert!(!text.contains(obeyed), "{format}: {text:?}");
        assert!(text.contains("own") && text.contains("31m"), "{format}: {text}");
    }
}

/// Runs a command in a folder as on a terminal, with these lines typed: how it ends, and what it says.
fn on_a_terminal(folder: &Path, arguments: &[&str], typed: &str) -> (feedwright::cli::Status, String) {
    let (mut stdin, mut stdout, mut stderr) = (typed.as_bytes(), Vec::new(), Vec::new());
    let mut env = feedwright::cli::Env {
        directory: folder.to_owned(),
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        interactive: true,
        watched: false,
        displayed: false,
        variable: &|_| None,
        clock: &|| "2026-11-22T00:00:00Z".parse().unwrap(),
    };
    let status = feedwright::cli::run(["feedwright"].iter().chain(arguments), &mut env);
    (status, String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn init_on_a_terminal_asks_until_each_answer_can_be_used() {
    let site = Site::empty();
    let typed = "\nThe News\nhttp://localhost:4000\nno url\nexample.org\nplain English\npt-BR\n";
    let (status, said) = on_a_terminal(site.path(), &["init"], typed);
    assert_eq!(status, feedwright::cli::Status::Done, "{said}");
    for part in [
        "`title` must not be empty",
        "`http://localhost:4000` is an address that leads everybody to their own machine",
        "`https://no url` is not an absolute URL",
        "`plain English` is not a language tag",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let config = site.read("feedwright.toml");
    for part in ["title = \"The News\"", "home = \"https://example.org/\"", "language = \"pt-BR\""] {
        assert!(config.contains(part), "{config}");
    }
    assert!(said.ends_with("next: `feedwright build`\n"), "{said}");
}

#[test]
fn init_takes_the_articles_that_are_there_and_no_home_of_ones_own_machine() {
    let site = Site::empty().file("posts/a.md", HELLO).file("README.md", "x\n");
    let refused = site.run(&["init", "--title", "A", "--home", "http://127.0.0.1:8080"]);
    assert_eq!(refused.status.code(), Some(2));
    let output = site.run(&["init", "--title", "A", "--home", "https://example.org"]);
    assert!(printed(&output).starts_with("feedwright.toml\n"), "{}", said(&output));
    assert!(!site.path().join("articles").exists());
    assert!(said(&site.run(NOW)).starts_with("1 article: 1 in feeds"));
    let own = Site::empty().file("posts/a.md", HELLO).file(
        "feedwright.toml",
        CONFIG.replace("https://example.org/", "http://localhost:4000/") + "[articles]\npath = \"posts\"\n",
    );
    assert!(said(&own.run(NOW)).contains("warning[unsafe-address]"));
}
