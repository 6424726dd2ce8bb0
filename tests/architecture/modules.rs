//! The modules of `src` and the paths that each of them names outside its tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, UseTree};

/// A path as segments: `article`, `date`.
pub(super) type Segments = Vec<String>;

/// All modules of the library, by their paths; that of `lib.rs` is empty.
pub(super) struct Modules {
    all: BTreeMap<Segments, Module>,
    /// Which modules each of them uses.
    uses: BTreeMap<Segments, BTreeSet<Segments>>,
}

/// One file, without its tests.
pub(super) struct Module {
    /// Below `src`, with slashes.
    pub(super) file: String,
    /// Paths into other files of ours, from the top of the crate; re-exports are not followed yet.
    ours: BTreeSet<Segments>,
    /// Paths that begin with the name of a foreign crate, `std` among them.
    pub(super) foreign: BTreeSet<Segments>,
    /// Names of the macros that are called.
    pub(super) macros: BTreeSet<String>,
    /// What its `use` declarations bring in, by the name that they give it. The files in its folder see all of it as
    /// `super::Name`, others what is public.
    imports: BTreeMap<String, Segments>,
}

impl Modules {
    /// Reads every source file below `root`, the `src` folder.
    pub(super) fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    files.insert(relative, fs::read_to_string(&path).unwrap());
                }
            }
        }
        Self::of(files)
    }

    /// Modules of files that are at hand: texts by their paths below `src`.
    pub(super) fn of(files: BTreeMap<String, String>) -> Self {
        let parsed: Vec<_> = files
            .into_iter()
            .filter(|(file, _)| file != "main.rs" && !is_test(file))
            .map(|(file, text)| {
                let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
                (module_of(&file), file, syntax)
            })
            .collect();
        let known: BTreeSet<Segments> = parsed.iter().map(|(module, ..)| module.clone()).collect();
        let all = parsed.into_iter().map(|(module, file, syntax)| {
            let mut reader = Reader::new(&module, &known);
            reader.visit_file(&syntax);
            let Reader { ours, foreign, macros, imports, .. } = reader;
            (module, Module { file, ours, foreign, macros, imports })
        });
        let mut modules = Self { all: all.collect(), uses: BTreeMap::new() };
        modules.uses = modules.all.keys().map(|path| (path.clone(), modules.find_uses(path))).collect();
        modules
    }

    /// Each module with its path, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Segments, &Module)> {
        self.all.iter()
    }

    /// The modules that one uses, itself left out; re-exports count as uses of the file that defines what is exported.
    pub(super) fn used_by(&self, module: &Segments) -> &BTreeSet<Segments> {
        &self.uses[module]
    }

    fn find_uses(&self, module: &Segments) -> BTreeSet<Segments> {
        let used = self.all[module].ours.iter().filter_map(|path| self.definer(path, 0));
        used.filter(|used| *used != module).cloned().collect()
    }

    /// The module in which the item at `path` is defined. Chains of re-exports end after eight links.
    fn definer(&self, path: &[String], links: usize) -> Option<&Segments> {
        let (length, module) = (0..=path.len())
            .rev()
            .find_map(|length| self.all.get_key_value(&path[..length]).map(|(module, _)| (length, module)))?;
        let import = path.get(length).and_then(|name| self.all[module].imports.get(name));
        match import {
            Some(target) if target != path && links < 8 => {
                let target: Segments = target.iter().chain(&path[length + 1..]).cloned().collect();
                self.definer(&target, links + 1)
            }
            _ => Some(module),
        }
    }

    /// Circles among neighbours: modules of one folder, each taken with everything below it, that use one another.
    /// A module and what lies in its folder may know each other; they are one room.
    pub(super) fn circles(&self) -> Vec<String> {
        let folders: BTreeSet<&[String]> =
            self.all.keys().filter_map(|path| Some(path.split_last()?.1)).collect();
        let mut circles = Vec::new();
        for folder in folders {
            let uses = self.uses_among_neighbours(folder);
            for room in uses.keys() {
                let reached = reachable(&uses, room);
                // Each circle is named once, at its first room.
                let circle: Vec<&str> =
                    reached.iter().copied().filter(|other| reachable(&uses, other).contains(room)).collect();
                if circle.first() == Some(room) {
                    circles.push(format!("{}: {}", folder.join("/"), circle.join(", ")));
                }
            }
        }
        circles
    }

    fn uses_among_neighbours(&self, folder: &[String]) -> BTreeMap<&str, BTreeSet<&str>> {
        let room = |path: &'_ Segments| -> Option<usize> {
            (path.len() > folder.len() && path.starts_with(folder)).then_some(folder.len())
        };
        let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for path in self.all.keys() {
            let Some(at) = room(path) else { continue };
            for used in self.used_by(path) {
                if room(used).is_some() && used[at] != path[at] {
                    uses.entry(&path[at]).or_default().insert(&used[at]);
                }
            }
        }
        uses
    }
}

/// All that is reached from a room in one step or more.
fn reachable<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(room) = open.pop() {
        for next in uses.get(room).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs") || file.contains("/tests/")
}

fn module_of(file: &str) -> Segments {
    let path = file.trim_end_matches(".rs");
    if path == "lib" { Segments::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Collects what a file names.
struct Reader<'a> {
    module: &'a [String],
    known: &'a BTreeSet<Segments>,
    ours: BTreeSet<Segments>,
    foreign: BTreeSet<Segments>,
    macros: BTreeSet<String>,
    imports: BTreeMap<String, Segments>,
}

impl<'a> Reader<'a> {
    fn new(module: &'a [String], known: &'a BTreeSet<Segments>) -> Self {
        Self {
            module,
            known,
            ours: BTreeSet::new(),
            foreign: BTreeSet::new(),
            macros: BTreeSet::new(),
            imports: BTreeMap::new(),
        }
    }

    fn name(&mut self, path: &[String]) {
        match self.absolute(path) {
            Some(ours) => self.ours.insert(ours),
            None => self.foreign.insert(path.to_vec()),
        };
    }

    /// A path from the top of the crate; `None` for one that leads elsewhere, or that begins with a name which the file
    /// has brought in with a `use` of its own.
    fn absolute(&self, path: &[String]) -> Option<Segments> {
        let first = path.first()?.as_str();
        let ups = path.iter().take_while(|segment| *segment == "super").count();
        let (base, rest) = match first {
            "crate" => (&[][..], &path[1..]),
            "self" => (self.module, &path[1..]),
            "super" => (&self.module[..self.module.len().saturating_sub(ups)], &path[ups..]),
            child => {
                let child = self.module.iter().cloned().chain([child.to_owned()]).collect::<Segments>();
                (self.known.contains(&child).then_some(self.module)?, path)
            }
        };
        Some(base.iter().chain(rest).cloned().collect())
    }

    /// Takes in every path of a `use`, with the name by which it is known afterwards.
    fn imported(&mut self, tree: &UseTree) {
        let mut open = vec![(tree, Segments::new())];
        while let Some((tree, mut path)) = open.pop() {
            let name = match tree {
                UseTree::Path(step) => {
                    path.push(step.ident.to_string());
                    open.push((&step.tree, path));
                    continue;
                }
                UseTree::Group(group) => {
                    open.extend(group.items.iter().map(|item| (item, path.clone())));
                    continue;
                }
                UseTree::Name(name) if name.ident == "self" => path.last().cloned().unwrap_or_default(),
                UseTree::Name(name) => {
                    path.push(name.ident.to_string());
                    name.ident.to_string()
                }
                UseTree::Rename(rename) => {
                    path.push(rename.ident.to_string());
                    rename.rename.to_string()
                }
                UseTree::Glob(_) => String::new(),
            };
            if let Some(target) = self.absolute(&path) {
                self.imports.insert(name, target);
            }
            self.name(&path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_cfg_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.imported(&item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let segments: Segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.macros.extend(call.path.segments.last().map(|segment| segment.ident.to_string()));
        let arguments = call
            .parse_body_with(syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated)
            .unwrap_or_default();
        for argument in &arguments {
            self.visit_expr(argument);
        }
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
