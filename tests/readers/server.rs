//! A web server for a folder of feeds: right media types, `ETag` and 304. For tests: loopback only, one answer a connection.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

/// Serves until the test process ends.
pub struct Server {
    port: u16,
}

impl Server {
    /// Serves a folder on a port of the system's choice.
    pub fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A reader that hangs up early is no fault of the feed.
                thread::spawn(move || answer(&stream, &folder).ok());
            }
        });
        Self { port }
    }

    /// Where a file of the folder is served.
    pub fn address(&self, file: &str) -> String {
        format!("http://127.0.0.1:{}/{file}", self.port)
    }
}

fn answer(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut known = None;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("if-none-match")
        {
            known = Some(value.trim().to_owned());
        }
    }

    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Some(bytes) = file(folder, target) else {
        return respond(stream, "404 Not Found", "", &[]);
    };
    let etag = format!("\"{}\"", blake3::hash(&bytes).to_hex());
    let headers = format!("Content-Type: {}; charset=utf-8\r\nETag: {etag}\r\n", media_type(target, &bytes));
    if known.is_some_and(|known| known.contains(&etag)) {
        return respond(stream, "304 Not Modified", &headers, &[]);
    }
    let headers = format!("{headers}Content-Length: {}\r\n", bytes.len());
    respond(stream, "200 OK", &headers, if method == "HEAD" { &[] } else { &bytes })
}

fn respond(mut stream: &TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n")?;
    stream.write_all(body)?;
    stream.flush()
}

fn file(folder: &Path, target: &str) -> Option<Vec<u8>> {
    let path = Path::new(target.strip_prefix('/')?.split('?').next()?);
    let stays_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    stays_inside.then(|| std::fs::read(folder.join(path)).ok())?
}

fn media_type(target: &str, bytes: &[u8]) -> &'static str {
    let is_atom = bytes.windows(6).take(1000).any(|window| window == b"<feed ");
    match target.rsplit('.').next() {
        Some("xml") if is_atom => "application/atom+xml",
        Some("xml") => "application/rss+xml",
        Some("json") => "application/feed+json",
        Some("opml") => "text/x-opml",
        _ => "application/octet-stream",
    }
}

#[test]
fn who_knows_the_feed_is_told_that_it_has_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("atom.xml"), "<feed xmlns=\"…\"/>").unwrap();
    let server = Server::start(folder.path().to_owned());

    let first = get(&server, "/atom.xml", "");
    assert!(
        first.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml; charset=utf-8\r\n"),
        "{first}"
    );
    assert!(first.ends_with("\r\n\r\n<feed xmlns=\"…\"/>"), "{first}");
    let etag = first.split("ETag: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();

    let second = get(&server, "/atom.xml", &format!("If-None-Match: {etag}\r\n"));
    assert!(second.starts_with("HTTP/1.1 304 Not Modified\r\n"), "{second}");
    assert!(get(&server, "/../atom.xml", "").starts_with("HTTP/1.1 404 Not Found\r\n"));
}

fn get(server: &Server, target: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n").unwrap();
    std::io::read_to_string(stream).unwrap()
}
