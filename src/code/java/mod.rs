//! Java files lowered to units: packages, imports, classes and their members.

mod expression;
mod generated;
mod statement;
mod types;

use super::lower::{Lowering, TOO_DEEP, Unread, span};
use super::unit::{
    Binding, Class, ClassId, Expr, ExprId, Function, FunctionId, Import, Param, ScopeId, Sym, Unit, index,
};
use crate::syntax::tree::{self, Grammar};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tree_sitter::Node;

/// The name under which constructors are methods.
const CONSTRUCTOR: &str = "constructor";

/// Annotations by which a class asks a framework to make its objects: CDI, Spring, Micronaut, Jakarta's Inject.
const MADE_BY_FRAMEWORKS: &[&str] = &[
    "ApplicationScoped",
    "Bean",
    "Component",
    "Configuration",
    "Controller",
    "Dependent",
    "Factory",
    "Introspected",
    "Named",
    "Path",
    "Repository",
    "RequestScoped",
    "RestController",
    "Service",
    "Singleton",
    "SpringBootApplication",
];

/// Annotations of classes from whose package on a framework looks for others (Spring).
const SCANNING: &[&str] = &["ComponentScan", "EnableAutoConfiguration", "SpringBootApplication"];

/// Annotations of methods that a framework calls by itself: routes and listeners of Spring, JAX-RS and Micronaut.
const ENTERED: &[&str] = &[
    "DELETE",
    "Delete",
    "DeleteMapping",
    "EventListener",
    "GET",
    "Get",
    "GetMapping",
    "PATCH",
    "POST",
    "PUT",
    "PatchMapping",
    "Post",
    "PostConstruct",
    "PostMapping",
    "Put",
    "PutMapping",
    "RequestMapping",
];

/// Annotations of methods that a framework calls for an object: CDI, Spring, Dagger, Guice, Micronaut.
const PROVIDERS: &[&str] = &["Bean", "Produces", "Provides"];

/// Lowers a Java file.
pub(super) fn lower(unit: Unit, text: &str) -> Result<Unit, Unread> {
    let tree = tree::parse(text, Grammar::Java)?;
    let root = tree.root_node();
    let mut java = Java {
        base: Lowering::new(unit, text, root),
        declared: HashMap::new(),
        methods: HashMap::new(),
        around: Vec::new(),
        scopes: HashMap::new(),
        used: BTreeSet::new(),
        wildcards: Vec::new(),
        static_wildcards: Vec::new(),
        added: HashMap::new(),
        yields: Vec::new(),
    };
    java.file(root);
    Ok(java.base.unit)
}

/// A Java file on its way from tree to unit.
struct Java<'t> {
    base: Lowering<'t>,
    /// Classes by the nodes that declare them.
    declared: HashMap<usize, ClassId>,
    /// The names of methods that each class declares itself.
    methods: HashMap<ClassId, HashSet<&'t str>>,
    /// The classes around the place that is read, the innermost last.
    around: Vec<ClassId>,
    /// The classes whose fields scopes hold.
    scopes: HashMap<ScopeId, ClassId>,
    /// Names of types that are neither declared nor imported here, one by one.
    used: BTreeSet<&'t str>,
    /// Packages all of whose types are imported.
    wildcards: Vec<String>,
    /// The names of classes all of whose static members are imported.
    static_wildcards: Vec<Sym>,
    /// The lists of what is added to variables and fields: by scope or class, and name.
    added: HashMap<(Place, Sym), ExprId>,
    /// What the innermost `switch` gives.
    yields: Vec<ExprId>,
}

/// Where a name is: in a scope, or a field of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Scope(ScopeId),
    Field(ClassId),
}

impl<'t> Deref for Java<'t> {
    type Target = Lowering<'t>;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

impl DerefMut for Java<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.base
    }
}

impl<'t> Java<'t> {
    fn file(&mut self, root: Node<'t>) {
        let children = self.children(root);
        let package = children.iter().find(|(_, child)| child.kind() == "package_declaration").map(|(_, child)| *child);
        let name = package.and_then(|package| self.children(package).last().map(|(_, name)| self.text(*name)));
        let name = name.unwrap_or_default().to_owned();
        self.request(&name, None, (0, 0), true);
        self.declare(root, 0);
        for (_, child) in &children {
            if child.kind() == "import_declaration" {
                self.import(*child);
            }
        }
        for (_, child) in children {
            self.deep(child, |this| {
                this.statement(child);
                0
            });
        }
        self.types_from_elsewhere(&name);
    }

    /// Goes one level deeper; nothing is read below the bound.
    fn deep(&mut self, node: Node<'t>, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if self.depth >= super::lower::MAX_DEPTH {
            if !self.unit.opaque.iter().any(|(reason, _)| &**reason == TOO_DEEP) {
                self.unit.opaque.push((TOO_DEEP.into(), span(node)));
            }
            return self.add(Expr::Unknown, node);
        }
        self.depth += 1;
        let id = read(self);
        self.depth -= 1;
        id
    }

    fn request(&mut self, module: &str, member: Option<&str>, span: (u32, u32), perhaps: bool) -> u32 {
        let member = member.map(Into::into);
        self.unit.imports.push(Import { module: module.into(), member, span, all: false, perhaps });
        index(self.unit.imports.len() - 1)
    }

    /// Notes all classes of the file ahead: they may be named before they are declared.
    fn declare(&mut self, node: Node<'t>, depth: u32) {
        for (_, child) in self.children(node) {
            match child.kind() {
                "class_declaration" | "interface_declaration" | "enum_declaration" | "record_declaration" => {
                    let Some(name) = child.child_by_field_name("name").map(|name| self.sym(name)) else { continue };
                    let class = index(self.unit.classes.len());
                    let is_interface = child.kind() == "interface_declaration";
                    self.unit.classes.push(Class { name: Some(name), is_interface, ..Class::default() });
                    self.unit.bind(0, name, Binding::Class(class));
                    self.declared.insert(child.id(), class);
                    if let Some(body) = child.child_by_field_name("body").filter(|_| depth < 16) {
                        self.note_methods(body, class);
                        self.declare(body, depth + 1);
                    }
                }
                "enum_body_declarations" => self.declare(child, depth),
                _ => {}
            }
        }
    }

    fn note_methods(&mut self, body: Node<'t>, class: ClassId) {
        let names = self.children(body).into_iter().filter(|(_, child)| child.kind() == "method_declaration");
        let names: HashSet<&'t str> =
            names.filter_map(|(_, method)| method.child_by_field_name("name")).map(|name| self.text(name)).collect();
        self.methods.insert(class, names);
    }

    /// `import a.b.C`, `import a.b.*`, `import static a.b.C.m`.
    fn import(&mut self, node: Node<'t>) {
        let parts = self.children(node);
        let Some((_, path)) = parts.first() else { return };
        let text = self.text(*path);
        let is_static = self.text(node).trim_start_matches("import").trim_start().starts_with("static ");
        let all = parts.iter().any(|(_, part)| part.kind() == "asterisk");
        let place = span(*path);
        if all && !is_static {
            self.wildcards.push(text.to_owned());
            return;
        }
        let class = if is_static && !all { text.rsplit_once('.').map_or(text, |(class, _)| class) } else { text };
        let Some((package, name)) = class.rsplit_once('.') else { return };
        let import = self.request(package, Some(name), place, false);
        let member = self.unit.sym(name);
        if !is_static {
            return self.unit.bind(0, member, Binding::Import(import, Some(member)));
        }
        let hidden = self.unit.sym(&format!("%{name}"));
        self.unit.bind(0, hidden, Binding::Import(import, Some(member)));
        if all {
            self.static_wildcards.push(hidden);
        }
        if let Some((_, method)) = text.rsplit_once('.').filter(|_| !all) {
            let object = self.add(Expr::Name(hidden, 0), *path);
            let method = self.unit.sym(method);
            let value = self.add(Expr::Member(object, method), *path);
            self.unit.bind(0, method, Binding::Value(value));
        }
    }

    /// A class, interface, enum or record, with all it holds.
    fn class(&mut self, node: Node<'t>) {
        let Some(class) = self.declared.get(&node.id()).copied() else { return };
        let mut bases = Vec::new();
        for (_, child) in self.children(node) {
            if matches!(child.kind(), "superclass" | "super_interfaces" | "extends_interfaces") {
                for (_, of) in self.children(child) {
                    let types = if of.kind() == "type_list" { self.children(of) } else { vec![("", of)] };
                    bases.extend(types.into_iter().map(|(_, of)| self.class_expr(of)));
                }
            }
        }
        self.unit.classes[class as usize].bases = bases;
        self.unit.classes[class as usize].by_framework = self.is_annotated(node, MADE_BY_FRAMEWORKS);
        // Without a package of its own the scan begins at the class's.
        if self.is_annotated(node, SCANNING) {
            let package = self.unit.imports.first().map(|import| import.module.clone());
            self.unit.scanned.extend(package);
        }
        self.unit.classes[class as usize].is_abstract = self.has_modifier(node, &["abstract"]);
        let parameters = node.child_by_field_name("parameters").filter(|_| node.kind() == "record_declaration");
        if let Some(body) = node.child_by_field_name("body") {
            self.class_body(body, class, parameters);
            self.generated(node, body, class);
        }
        if node.kind() == "enum_declaration" {
            self.enum_methods(node, class);
        }
    }

    /// What every enum has: `values()` and `valueOf(name)`.
    fn enum_methods(&mut self, node: Node<'t>, class: ClassId) {
        let of = self.add(Expr::Class(class), node);
        let one = self.add(Expr::Typed(of), node);
        let all = self.add(Expr::List(Box::new([one])), node);
        for (name, value) in [("values", all), ("valueOf", one)] {
            let sym = self.unit.sym(name);
            let id = self.function_of(name.into(), Some(class));
            self.unit.functions[id as usize].returns.push(value);
            if name == "valueOf" {
                let text = self.unit.sym("name");
                let param = Param { name: Some(text), default: None, annotation: None, rest: false };
                self.unit.functions[id as usize].params.push(param);
            }
            self.unit.classes[class as usize].methods.entry(sym).or_default().push(id);
        }
    }

    /// The members of a class in a scope of their own.
    fn class_body(&mut self, body: Node<'t>, class: ClassId, record: Option<Node<'t>>) {
        let before = self.scope;
        let scope = self.unit.scope(before);
        self.scope = scope;
        if let Some(parent) = body.parent() {
            self.type_parameters(parent, class);
        }
        self.scopes.insert(scope, class);
        let around = self.around.last().copied();
        self.around.push(class);
        // What a class without a name holds runs where it stands.
        if self.unit.classes[class as usize].name.is_some() {
            let (initial, at_load) = (self.function_of("".into(), None), self.function_of("".into(), None));
            let here = &mut self.unit.classes[class as usize];
            (here.initial, here.at_load, here.around) = (Some(initial), Some(at_load), around);
        }
        let outer = self.class.replace(class);
        let members = self.members(body);
        for member in &members {
            if matches!(member.kind(), "field_declaration" | "constant_declaration") {
                for (field, declarator) in self.children(*member) {
                    if let Some(name) = declarator.child_by_field_name("name").filter(|_| field == "declarator") {
                        self.field_name(class, name);
                    }
                }
            }
        }
        if let Some(parameters) = record {
            self.record(parameters, class);
        }
        for member in members {
            self.deep(member, |this| {
                this.member_of(member, class);
                0
            });
        }
        self.class = outer;
        self.around.pop();
        self.scope = before;
    }

    fn members(&mut self, body: Node<'t>) -> Vec<Node<'t>> {
        let mut found = Vec::new();
        for (_, child) in self.children(body) {
            if child.kind() == "enum_body_declarations" {
                found.extend(self.children(child).into_iter().map(|(_, child)| child));
            } else {
                found.push(child);
            }
        }
        found
    }

    /// A name in the class's scope that stands for the field.
    fn field_name(&mut self, class: ClassId, name: Node<'t>) {
        let sym = self.sym(name);
        let this = self.add(Expr::This(class), name);
        let field = self.add(Expr::Member(this, sym), name);
        let scope = self.scope;
        self.unit.bind(scope, sym, Binding::Value(field));
    }

    /// The components of a record: fields, a constructor's parameters, and methods that give them.
    fn record(&mut self, parameters: Node<'t>, class: ClassId) {
        let id = self.function_of(CONSTRUCTOR.into(), Some(class));
        let before = (self.owner, self.scope);
        let scope = self.unit.scope(before.1);
        (self.base.owner, self.base.scope) = (id, scope);
        self.parameters(parameters, id);
        let names: Vec<Sym> = self.unit.functions[id as usize].params.iter().filter_map(|param| param.name).collect();
        for name in names {
            let this = self.add(Expr::This(class), parameters);
            let field = self.add(Expr::Member(this, name), parameters);
            self.unit.bind(before.1, name, Binding::Value(field));
            let value = self.add(Expr::Name(name, scope), parameters);
            self.set_field(class, name, value);
            let text = self.unit.name(name).clone();
            let reader = self.function_of(text, Some(class));
            self.unit.functions[reader as usize].returns.push(value);
            self.unit.classes[class as usize].methods.entry(name).or_default().push(reader);
        }
        (self.base.owner, self.base.scope) = before;
        let constructor = self.unit.sym(CONSTRUCTOR);
        self.unit.classes[class as usize].methods.entry(constructor).or_default().push(id);
    }

    fn function_of(&mut self, name: Arc<str>, class: Option<ClassId>) -> FunctionId {
        let id = self.next_function();
        let parent = self.owner;
        self.unit.functions.push(Function { name, class, parent, ..Function::default() });
        id
    }

    fn set_field(&mut self, class: ClassId, name: Sym, value: ExprId) {
        self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
    }

    fn member_of(&mut self, node: Node<'t>, class: ClassId) {
        match node.kind() {
            "field_declaration" | "constant_declaration" => {
                let of_class = node.kind() == "constant_declaration" || self.has_modifier(node, &["static"]);
                self.initializing(class, of_class, |this| this.field(node, class));
            }
            "method_declaration" => {
                let Some(name) = node.child_by_field_name("name") else { return };
                let sym = self.sym(name);
                let id = self.method(node, self.text(name).into(), class);
                self.unit.classes[class as usize].methods.entry(sym).or_default().push(id);
            }
            "constructor_declaration" | "compact_constructor_declaration" => {
                let constructor = self.unit.sym(CONSTRUCTOR);
                let id = self.method(node, CONSTRUCTOR.into(), class);
                self.unit.classes[class as usize].methods.entry(constructor).or_default().push(id);
            }
            "enum_constant" => self.initializing(class, true, |this| this.constant(node, class)),
            "static_initializer" => self.initializing(class, true, |this| {
                for (_, child) in this.children(node) {
                    this.statement(child);
                }
            }),
            "block" => self.initializing(class, false, |this| this.statement(node)),
            _ => self.statement(node),
        }
    }

    /// Reads what runs where an object of a class is made, or where the class is first used.
    fn initializing(&mut self, class: ClassId, of_class: bool, read: impl FnOnce(&mut Self)) {
        let here = &self.unit.classes[class as usize];
        let before = self.owner;
        self.base.owner = if of_class { here.at_load } else { here.initial }.unwrap_or(before);
        read(self);
        self.base.owner = before;
    }

    fn constant(&mut self, node: Node<'t>, class: ClassId) {
        let Some(name) = node.child_by_field_name("name") else { return };
        self.field_name(class, name);
        let sym = self.sym(name);
        let of = self.add(Expr::Class(class), name);
        let args = node.child_by_field_name("arguments").map(|args| self.arguments(args)).unwrap_or_default();
        let value = self.add(Expr::Call { callee: of, args: args.into(), new: true }, node);
        let own = node.child_by_field_name("body").map(|body| self.anonymous(body, of, node));
        self.set_field(class, sym, own.unwrap_or(value));
    }

    fn field(&mut self, node: Node<'t>, class: ClassId) {
        let Some(of) = node.child_by_field_name("type") else { return };
        let annotation = self.type_expr(of);
        let typed = self.add(Expr::Typed(annotation), of);
        for (field, declarator) in self.children(node) {
            let Some(name) = declarator.child_by_field_name("name").filter(|_| field == "declarator") else { continue };
            let sym = self.sym(name);
            self.set_field(class, sym, typed);
            if let Some(value) = declarator.child_by_field_name("value") {
                let value = self.expr(value, Some(sym));
                self.set_field(class, sym, value);
            }
        }
    }

    /// A method or constructor.
    fn method(&mut self, node: Node<'t>, name: Arc<str>, class: ClassId) -> FunctionId {
        let id = self.function_of(name, Some(class));
        let before = (self.owner, self.scope);
        let scope = self.unit.scope(before.1);
        (self.base.owner, self.base.scope) = (id, scope);
        if let Some(parameters) = node.child_by_field_name("parameters") {
            self.parameters(parameters, id);
        }
        if let Some(of) = node.child_by_field_name("type").filter(|of| of.kind() != "void_type") {
            let annotation = self.type_expr(of);
            let typed = self.add(Expr::Typed(annotation), of);
            self.unit.functions[id as usize].returns.push(typed);
        }
        match node.child_by_field_name("body") {
            Some(body) => self.statement(body),
            None => self.unit.functions[id as usize].bodyless = true,
        }
        (self.base.owner, self.base.scope) = before;
        self.unit.functions[id as usize].provides = self.is_annotated(node, PROVIDERS);
        self.unit.functions[id as usize].is_entered = self.is_annotated(node, ENTERED);
        self.unit.functions[id as usize].overrides = self.is_annotated(node, &["Override"]);
        self.unit.functions[id as usize].is_static = self.has_modifier(node, &["static"]);
        self.unit.functions[id as usize].is_own = self.has_modifier(node, &["private", "static"]);
        self.annotations(node, id);
        id
    }

    /// Whether one of some words stands before a declaration.
    fn has_modifier(&mut self, node: Node<'t>, words: &[&str]) -> bool {
        let modifiers = self.children(node).into_iter().find(|(_, child)| child.kind() == "modifiers");
        let Some((_, modifiers)) = modifiers else { return false };
        let mut cursor = modifiers.walk();
        modifiers.children(&mut cursor).any(|word| words.contains(&word.kind()))
    }

    /// Whether one of some annotations stands before a declaration.
    fn is_annotated(&mut self, node: Node<'t>, names: &[&str]) -> bool {
        let modifiers = self.children(node).into_iter().filter(|(_, child)| child.kind() == "modifiers");
        let annotations: Vec<Node<'t>> = modifiers.map(|(_, modifiers)| modifiers).collect();
        annotations.into_iter().any(|modifiers| {
            let mut names_of =
                self.children(modifiers).into_iter().filter_map(|(_, one)| one.child_by_field_name("name"));
            names_of.any(|name| names.contains(&self.text(name)))
        })
    }

    /// Powertools' `@Logging` stands before a method as decorators do.
    fn annotations(&mut self, node: Node<'t>, function: FunctionId) {
        for (_, modifiers) in self.children(node).into_iter().filter(|(_, child)| child.kind() == "modifiers") {
            for (_, annotation) in self.children(modifiers) {
                let Some(name) = annotation.child_by_field_name("name") else { continue };
                if self.text(name) != "Logging" {
                    continue;
                }
                let sym = self.sym(name);
                let callee = self.add(Expr::Name(sym, 0), name);
                let decorator = match annotation.child_by_field_name("arguments") {
                    Some(arguments) => {
                        let args = self.pairs(arguments);
                        self.add(Expr::Call { callee, args: args.into(), new: false }, annotation)
                    }
                    None => callee,
                };
                self.unit.functions[function as usize].decorators.push(decorator);
            }
        }
    }

    fn parameters(&mut self, node: Node<'t>, function: FunctionId) {
        for (_, parameter) in self.children(node) {
            let rest = parameter.kind() == "spread_parameter";
            let (of, name) = if rest {
                let parts = self.children(parameter);
                let of = parts.iter().find(|(_, part)| !matches!(part.kind(), "modifiers" | "variable_declarator"));
                let declarator = parts.iter().find(|(_, part)| part.kind() == "variable_declarator");
                (of.map(|(_, of)| *of), declarator.and_then(|(_, part)| part.child_by_field_name("name")))
            } else {
                (parameter.child_by_field_name("type"), parameter.child_by_field_name("name"))
            };
            let name = name.or_else(|| (parameter.kind() == "identifier").then_some(parameter));
            let annotation = of.filter(|of| self.text(*of) != "var").map(|of| self.type_expr(of));
            let name = name.map(|name| self.sym(name));
            let params = &mut self.unit.functions[function as usize].params;
            let at = index(params.len());
            params.push(Param { name, default: None, annotation, rest });
            if let Some(name) = name {
                self.bind(name, Binding::Param(function, at));
            }
        }
    }
}
