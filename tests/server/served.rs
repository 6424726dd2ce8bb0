//! A publication that the program serves, and somebody who asks for its feeds.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// So long is waited for what must happen soon; a machine may have much else to do.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// `feedwright serve`, running until this is dropped.
pub struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub address: SocketAddr,
    /// Where it answers the people who run it.
    admin: SocketAddr,
    pub folder: TempDir,
}

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Served {
    /// Serves a publication of these files, which begins with `feedwright.toml`.
    pub fn start(files: &[(&str, &str)], arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        for (path, text) in files {
            write(folder.path(), path, text);
        }
        Self::start_in(folder, arguments)
    }

    pub fn start_in(folder: TempDir, arguments: &[&str]) -> Self {
        let mut child = command(folder.path(), arguments).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let _ = child.kill();
            panic!("the first line is {line:?}\n{}", log(folder.path()));
        };
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let admin = line.trim_end().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/-/stats"));
        let admin = admin.and_then(|admin| admin.parse().ok()).unwrap_or_else(|| panic!("{line:?}"));
        Self { child, stdout, address, admin, folder }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        log(self.folder.path())
    }

    pub fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.say(&request(method, path, &self.address.to_string(), headers))
    }

    /// Asks at the address for the people who run it, by this name of the host.
    pub fn admin(&self, host: Option<&str>, path: &str) -> Answer {
        let host = host.map_or_else(|| self.admin.to_string(), str::to_owned);
        let mut stream = TcpStream::connect(self.admin).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request("GET", path, &host, &[]).as_bytes()).unwrap();
        read_answer(&mut BufReader::new(stream), false).expect("an answer")
    }

    /// Says something, and reads until the other side has said everything.
    pub fn say(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read_answer(&mut BufReader::new(stream), request.starts_with("HEAD ")).expect("an answer")
    }

    /// Asks until the answer is as it must be.
    pub fn until(&self, path: &str, is_so: impl Fn(&Answer) -> bool) -> Answer {
        let began = Instant::now();
        loop {
            let answer = self.get(path);
            if is_so(&answer) {
                return answer;
            }
            let waited = began.elapsed();
            assert!(waited < PATIENCE, "after {waited:?} {path} is {answer:?}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until something is logged.
    pub fn logs(&self, text: &str) -> String {
        let began = Instant::now();
        loop {
            let log = self.log();
            if log.contains(text) {
                return log;
            }
            assert!(began.elapsed() < PATIENCE, "{text:?} is not in the log:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn signal(&self, name: &str) {
        let number = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &number]).status().unwrap().success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.wait().unwrap()
    }

    /// How much memory it has, in bytes; where the system does not say as Linux does, that is not checked.
    pub fn memory(&self) -> Option<u64> {
        let memory = self.told_memory();
        if memory.is_none() {
            eprintln!("SKIPPED: how much memory it has is not known here");
        }
        memory
    }

    fn told_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(method: &str, path: &str, host: &str, headers: &[(&str, &str)]) -> String {
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let headers = headers.collect::<Vec<_>>().concat();
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n")
}

/// Reads one answer, with its body unless it has none.
pub fn read_answer(stream: &mut impl std::io::BufRead, is_head: bool) -> Option<Answer> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
            None if line.trim_end().is_empty() => break,
            None => headers.push((line.trim_end().trim_end_matches(':').to_owned(), String::new())),
        }
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    let length: u64 = answer.header("content-length").parse().unwrap_or_default();
    if !is_head && status != 304 {
        stream.take(length).read_to_end(&mut answer.body).ok()?;
        assert_eq!(answer.body.len() as u64, length, "the body is whole");
    }
    Some(answer)
}

/// The program, which logs into a file that nobody serves.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
    let log = std::fs::File::create(folder.join(".log")).unwrap();
    command
        .current_dir(folder)
        .args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    command
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(".log")).unwrap_or_default()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
