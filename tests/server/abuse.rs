//! Whoever asks for what makes no sense, or for far too much, gets little for it, and everybody else is still served.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;

use super::served::{Served, read_answer};
use super::{RSS, hello};

/// What somebody is answered who says this and nothing more; `None` where they are only left.
fn answered(served: &Served, said: &[u8]) -> Option<u16> {
    let mut stream = served.connect();
    // Whoever is refused may be so before everything is said.
    let _ = stream.write_all(said);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Some(read_answer(&mut bytes.as_slice(), false)?.status)
}

fn is_well(served: &Served) {
    let answer = served.get(RSS);
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("Hello"));
    assert!(!served.log().contains("panicked"), "{}", served.log());
}

#[test]
fn what_is_no_request_is_refused() {
    let served = hello(&[], &[]);
    let host = "Host: a\r\nConnection: close\r\n\r\n";
    let long = "a".repeat(100_000);
    let many = (0..1000).map(|number| format!("X-{number}: a\r\n")).collect::<Vec<_>>().concat();
    let cases: &[(String, &[Option<u16>])] = &[
        ("\r\n\r\n".into(), &[None, Some(400)]),
        ("hello\r\n\r\n".into(), &[None, Some(400)]),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}".into(), &[None, Some(400)]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), &[None, Some(400), Some(505)]),
        (format!("GET {RSS} HTTP/1.1\r\n\r\n"), &[Some(400)]),
        (format!("GET {RSS} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), &[Some(400)]),
        (format!("GET {RSS}\0 HTTP/1.1\r\n{host}"), &[None, Some(400)]),
        (format!("GET /%00{RSS} HTTP/1.1\r\n{host}"), &[Some(400), Some(404)]),
        (format!("GET /%zz HTTP/1.1\r\n{host}"), &[Some(400), Some(404)]),
        (format!("GET /%ff%fe HTTP/1.1\r\n{host}"), &[Some(400), Some(404)]),
        (format!("GET /{long} HTTP/1.1\r\n{host}"), &[Some(414), Some(431)]),
        (format!("GET {RSS} HTTP/1.1\r\nX: {long}\r\n{host}"), &[Some(431)]),
        (format!("GET {RSS} HTTP/1.1\r\n{many}{host}"), &[Some(431)]),
        (format!("GET {RSS} HTTP/1.1\r\nX\r\n{host}"), &[Some(400)]),
        (format!("GET {RSS} HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n{host}"), &[Some(400)]),
        (format!("POST {RSS} HTTP/1.1\r\nContent-Length: 99999999999\r\n{host}"), &[Some(405)]),
        (format!("BREW {RSS} HTTP/1.1\r\n{host}"), &[Some(405), Some(501)]),
        (format!("CONNECT example.org:443 HTTP/1.1\r\n{host}"), &[Some(400), Some(404), Some(405)]),
        (format!("OPTIONS * HTTP/1.1\r\n{host}"), &[Some(204), Some(200)]),
    ];
    for (said, expected) in cases {
        let status = answered(&served, said.as_bytes());
        let said: String = said.chars().take(60).collect();
        assert!(expected.contains(&status), "{said:?} is answered {status:?}");
    }
    is_well(&served);
}

#[test]
fn absurd_lists_are_answered_at_once() {
    let served = hello(&[("files/a.mp3", &"x".repeat(100_000))], &["--files", "files"]);
    let tags = vec!["\"a\""; 3000].join(",");
    assert_eq!(served.ask("GET", RSS, &[("If-None-Match", &tags)]).status, 200);
    let ranges = (0..1500).map(|at| format!("{at}-{at}")).collect::<Vec<_>>().join(",");
    for ranges in [&*ranges, "0-,0-,0-,0-", "5-1", "-0", "99999999999999999999-", "a", "-"] {
        let answer = served.ask("GET", "/a.mp3", &[("Range", &format!("bytes={ranges}"))]);
        assert!(matches!(answer.status, 200 | 206 | 416), "{answer:?}");
        assert!(answer.body.len() <= 100_000, "nobody is sent more than there is");
    }
    let accepted = vec!["gzip;q=0.5"; 1000].join(",");
    assert_eq!(served.ask("GET", RSS, &[("Accept-Encoding", &accepted)]).status, 200);
    is_well(&served);
}

#[test]
fn who_says_nothing_or_half_of_it_keeps_nobody_else_waiting() {
    let served = hello(&[], &[]);
    let before = served.memory();
    let mut waiting: Vec<TcpStream> = Vec::new();
    for number in 0..400 {
        let mut stream = served.connect();
        match number % 4 {
            0 => {}
            1 => stream.write_all(b"GET /fee").unwrap(),
            2 => write!(stream, "GET {RSS} HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap(),
            _ => write!(stream, "POST {RSS} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx").unwrap(),
        }
        waiting.push(stream);
    }
    is_well(&served);
    let metrics = served.admin(None, "/-/metrics").text();
    let open = metrics.lines().find_map(|line| line.strip_prefix("feedwright_connections "));
    assert!(open.and_then(|open| open.parse::<u64>().ok()) >= Some(300), "{metrics}");
    if let (Some(before), Some(after)) = (before, served.memory()) {
        assert!(after < before + (32 << 20), "400 who wait take {} bytes", after - before);
    }
    drop(waiting);
    is_well(&served);
}

#[test]
fn who_asks_for_more_than_they_read_is_not_answered_into_memory() {
    let large = "x".repeat(1 << 20);
    let served = hello(&[("files/large.txt", &large)], &["--files", "files"]);
    let before = served.memory();
    let request = "GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n";
    let greedy: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(request.repeat(200).as_bytes()).unwrap();
            stream
        })
        .collect();
    is_well(&served);
    if let (Some(before), Some(after)) = (before, served.memory()) {
        assert!(after < before + (64 << 20), "4 GB that were asked for take {} bytes", after - before);
    }
    for mut stream in greedy {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        assert_eq!(read_answer(&mut reader, false).unwrap().body.len(), large.len());
        let _ = stream.flush();
    }
    is_well(&served);
}
