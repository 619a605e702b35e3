//! Java's types as expressions, and where the types that a file names lie.

use super::Java;
use crate::code::library::holds;
use crate::code::unit::{Binding, ClassId, Expr, ExprId};
use tree_sitter::Node;

/// Types of Java's library that files often import with all of their package.
const JDK: &[(&str, &[&str])] = &[
    (
        "java.util",
        &[
            "ArrayDeque",
            "ArrayList",
            "Arrays",
            "Base64",
            "Collection",
            "Collections",
            "Comparator",
            "Date",
            "Deque",
            "HashMap",
            "HashSet",
            "Iterator",
            "LinkedHashMap",
            "LinkedHashSet",
            "LinkedList",
            "List",
            "Locale",
            "Map",
            "Objects",
            "Optional",
            "PriorityQueue",
            "Properties",
            "Queue",
            "Random",
            "Set",
            "TreeMap",
            "TreeSet",
            "UUID",
        ],
    ),
    (
        "java.util.concurrent",
        &[
            "Callable",
            "CompletableFuture",
            "ConcurrentHashMap",
            "CountDownLatch",
            "ExecutionException",
            "Executor",
            "ExecutorService",
            "Executors",
            "ForkJoinPool",
            "Future",
            "ScheduledExecutorService",
            "ThreadLocalRandom",
            "TimeUnit",
        ],
    ),
    (
        "java.util.function",
        &["BiConsumer", "BiFunction", "Consumer", "Function", "Predicate", "Supplier", "UnaryOperator"],
    ),
    ("java.util.stream", &["Collectors", "IntStream", "Stream", "StreamSupport"]),
    (
        "java.io",
        &[
            "BufferedReader",
            "ByteArrayInputStream",
            "ByteArrayOutputStream",
            "File",
            "FileInputStream",
            "FileOutputStream",
            "IOException",
            "InputStream",
            "InputStreamReader",
            "OutputStream",
            "OutputStreamWriter",
            "PrintWriter",
            "Reader",
            "Serializable",
            "Writer",
        ],
    ),
    ("java.time", &["Clock", "Duration", "Instant", "LocalDate", "LocalDateTime", "ZoneId", "ZonedDateTime"]),
    ("java.net", &["HttpURLConnection", "URI", "URL", "URLDecoder", "URLEncoder"]),
    ("java.nio.file", &["Files", "Path", "Paths"]),
];

/// Packages with collections, streams, futures, and with what injection gives later.
const HOLDING: &[&str] = &[
    "java.",
    "javax.",
    "jakarta.",
    "com.google.",
    "io.vavr",
    "reactor.",
    "io.smallrye.",
    "dagger",
    "io.micronaut.",
    "org.springframework.",
];

impl<'t> Java<'t> {
    /// Types that lie in the same package, in one that is imported as a whole, or in java.lang.
    pub(super) fn types_from_elsewhere(&mut self, package: &str) {
        const LANG: &[&str] = &[
            "String",
            "System",
            "Integer",
            "Long",
            "Boolean",
            "Object",
            "Objects",
            "Math",
            "Thread",
            "Exception",
            "RuntimeException",
            "Override",
            "StringBuilder",
            "Class",
            "Double",
            "Throwable",
            "Void",
            "Iterable",
        ];
        let wildcards = std::mem::take(&mut self.wildcards);
        for name in std::mem::take(&mut self.used) {
            let sym = self.unit.sym(name);
            if self.unit.scopes[0].names.contains_key(&sym) {
                continue;
            }
            let places: Vec<(String, bool)> = if LANG.contains(&name) {
                vec![("java.lang".to_owned(), false)]
            } else {
                let known = |wildcard: &&String| JDK.iter().any(|(of, names)| of == *wildcard && names.contains(&name));
                let wildcards: Vec<&String> = match wildcards.iter().find(known) {
                    Some(only) => vec![only],
                    None => wildcards.iter().collect(),
                };
                let wildcards = wildcards.into_iter().map(|wildcard| (wildcard.clone(), true));
                std::iter::once((package.to_owned(), true)).chain(wildcards).collect()
            };
            for (module, perhaps) in places {
                let import = self.request(&module, Some(name), (0, 0), perhaps);
                self.unit.bind(0, sym, Binding::Import(import, Some(sym)));
            }
        }
    }

    /// Names of types that a class is given: each is what heirs and users put there, and what it must extend.
    pub(super) fn type_parameters(&mut self, declaration: Node<'t>, class: ClassId) {
        let Some(parameters) = declaration.child_by_field_name("type_parameters") else { return };
        let Some(own) = self.unit.classes[class as usize].name else { return };
        let scope = self.scope;
        for (at, (_, parameter)) in self.children(parameters).into_iter().enumerate() {
            let parts = self.children(parameter);
            let Some((_, name)) = parts.iter().find(|(_, part)| part.kind() == "type_identifier") else { continue };
            let sym = self.sym(*name);
            let slot = format!("<{}.{at}>", self.unit.name(own));
            let slot = self.unit.sym(&slot);
            let this = self.add(Expr::This(class), *name);
            let given = self.add(Expr::Member(this, slot), *name);
            self.unit.bind(scope, sym, Binding::Value(given));
            for (_, bound) in parts.iter().filter(|(_, part)| part.kind() == "type_bound") {
                if let Some((_, bound)) = self.children(*bound).first() {
                    let bound = self.type_expr(*bound);
                    self.unit.bind(scope, sym, Binding::Value(bound));
                }
            }
        }
    }

    /// A class that is extended, or that an object is made of, as it is.
    pub(super) fn class_expr(&mut self, node: Node<'t>) -> ExprId {
        if node.kind() != "generic_type" {
            return self.type_expr(node);
        }
        let parts = self.children(node);
        let Some((_, first)) = parts.first() else { return self.add(Expr::Unknown, node) };
        let of = self.type_expr(*first);
        let arguments = parts.last().filter(|(_, last)| last.kind() == "type_arguments");
        let given = arguments.map(|(_, arguments)| self.children(*arguments)).unwrap_or_default();
        let given: Vec<ExprId> = given.into_iter().map(|(_, one)| self.type_expr(one)).collect();
        if !given.is_empty() {
            self.unit.applied.push((of, given));
        }
        of
    }

    /// Whether a type is one of the libraries' that hold the last of their parameters.
    fn is_holder(&mut self, node: Node<'t>) -> bool {
        let name = self.text(node).rsplit('.').next().unwrap_or_default();
        let bound = self.unit.find(name).and_then(|sym| self.unit.scopes[0].names.get(&sym)).into_iter().flatten();
        let is_own = |binding: &Binding| match binding {
            Binding::Class(_) => true,
            Binding::Import(import, _) => self
                .unit
                .imports
                .get(*import as usize)
                .is_some_and(|import| !HOLDING.iter().any(|package| import.module.starts_with(package))),
            _ => false,
        };
        holds(name) && !bound.into_iter().any(is_own)
    }

    /// A type as an expression; of collections and futures a list of what they hold.
    pub(super) fn type_expr(&mut self, node: Node<'t>) -> ExprId {
        self.deep(node, |this| match node.kind() {
            "type_identifier" | "identifier" => {
                let text = this.text(node);
                // The first part of a full name is a package's.
                if text.starts_with(|first: char| !first.is_ascii_lowercase()) {
                    this.used.insert(text);
                }
                let name = this.sym(node);
                let scope = this.scope;
                this.add(Expr::Name(name, scope), node)
            }
            "scoped_type_identifier" => {
                let parts = this.children(node);
                let (Some((_, first)), Some((_, last))) = (parts.first(), parts.last()) else {
                    return this.add(Expr::Unknown, node);
                };
                let object = this.type_expr(*first);
                let name = this.sym(*last);
                this.add(Expr::Member(object, name), node)
            }
            "generic_type" => {
                let parts = this.children(node);
                let Some((_, first)) = parts.first() else { return this.add(Expr::Unknown, node) };
                let arguments = parts.last().filter(|(_, last)| last.kind() == "type_arguments");
                let given = arguments.map(|(_, arguments)| this.children(*arguments)).unwrap_or_default();
                let given: Vec<ExprId> = given.into_iter().map(|(_, one)| this.type_expr(one)).collect();
                if let Some(held) = given.last().copied().filter(|_| this.is_holder(*first)) {
                    let typed = this.add(Expr::Typed(held), node);
                    return this.add(Expr::List(Box::new([typed])), node);
                }
                let of = this.type_expr(*first);
                if !given.is_empty() {
                    this.unit.applied.push((of, given));
                }
                of
            }
            "wildcard" => match this.children(node).last() {
                Some((_, bound)) => this.type_expr(*bound),
                None => this.add(Expr::Unknown, node),
            },
            "array_type" => {
                let Some(element) = node.child_by_field_name("element") else { return this.add(Expr::Unknown, node) };
                let inner = this.type_expr(element);
                let typed = this.add(Expr::Typed(inner), element);
                this.add(Expr::List(Box::new([typed])), node)
            }
            "annotated_type" => match this.children(node).last() {
                Some((_, inner)) => this.type_expr(*inner),
                None => this.add(Expr::Unknown, node),
            },
            _ => this.add(Expr::Unknown, node),
        })
    }
}
