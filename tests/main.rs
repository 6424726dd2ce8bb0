//! Feedwright's tests: one binary, so that it links once.
