//! Turns a folder of articles into feeds.

fn main() {}
