//! What Lombok writes into classes when they are compiled: readers, constructors, builders, copies.

use super::{CONSTRUCTOR, Java};
use crate::code::unit::{Binding, ClassId, Expr, ExprId, Param, Sym, index};
use tree_sitter::Node;

/// A field as Lombok sees it.
struct Field<'t> {
    name: Node<'t>,
    of: Node<'t>,
    /// It must be given when an object is made.
    is_required: bool,
    has_reader: bool,
    /// A copy of the object is made with another value of it.
    has_copy: bool,
}

impl<'t> Java<'t> {
    /// Adds what the annotations of a class ask for.
    ///
    /// Source: Project Lombok, "Lombok features", read 2026-12.
    pub(super) fn generated(&mut self, node: Node<'t>, body: Node<'t>, class: ClassId) {
        let has = |java: &mut Self, names: &[&str]| java.is_annotated(node, names);
        let fields = self.lombok_fields(body);
        let all_readers = has(self, &["Getter", "Data", "Value"]);
        for field in fields.iter().filter(|field| all_readers || field.has_reader) {
            self.reader(class, field);
        }
        let all_copies = has(self, &["With"]);
        for field in fields.iter().filter(|field| all_copies || field.has_copy) {
            let copy = self.object_of(node, class);
            let name = self.of_field("with", field);
            self.method_giving(class, &name, copy);
        }
        let around = self.scope;
        let scope = self.unit.scope(around);
        if has(self, &["Builder", "SuperBuilder"]) {
            let typed = self.object_of(node, class);
            let list = self.add(Expr::List(Box::new([typed])), node);
            self.unit.classes[class as usize].has_builder = true;
            self.method_giving(class, "builder", list);
            self.method_giving(class, "toBuilder", list);
        }
        let constructor = self.unit.sym(CONSTRUCTOR);
        if self.unit.classes[class as usize].methods.contains_key(&constructor) {
            return;
        }
        let all = has(self, &["AllArgsConstructor"]);
        if all || has(self, &["RequiredArgsConstructor", "Data", "Value"]) {
            let taken: Vec<&Field<'t>> = fields.iter().filter(|field| all || field.is_required).collect();
            self.lombok_constructor(class, &taken, scope);
        }
    }

    /// Some object of the class.
    fn object_of(&mut self, node: Node<'t>, class: ClassId) -> ExprId {
        let class = self.add(Expr::Class(class), node);
        self.add(Expr::Typed(class), node)
    }

    /// `getName` of `name`.
    fn of_field(&self, start: &str, field: &Field<'t>) -> String {
        let mut letters = self.text(field.name).chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase()).into_iter();
        start.chars().chain(first).chain(letters).collect()
    }

    fn lombok_fields(&mut self, body: Node<'t>) -> Vec<Field<'t>> {
        let mut found = Vec::new();
        for (_, member) in self.children(body).into_iter().filter(|(_, member)| member.kind() == "field_declaration") {
            let Some(of) = member.child_by_field_name("type") else { continue };
            if self.has_modifier(member, &["static"]) {
                continue;
            }
            let is_final = self.has_modifier(member, &["final"]) || self.is_annotated(member, &["NonNull"]);
            let has_reader = self.is_annotated(member, &["Getter"]);
            let has_copy = self.is_annotated(member, &["With"]);
            for (kind, declarator) in self.children(member) {
                let Some(name) = declarator.child_by_field_name("name").filter(|_| kind == "declarator") else {
                    continue;
                };
                let is_required = is_final && declarator.child_by_field_name("value").is_none();
                found.push(Field { name, of, is_required, has_reader, has_copy });
            }
        }
        found
    }

    fn reader(&mut self, class: ClassId, field: &Field<'t>) {
        let name = self.text(field.name);
        let sym = self.sym(field.name);
        let this = self.add(Expr::This(class), field.name);
        let value = self.add(Expr::Member(this, sym), field.name);
        let named = self.of_field(if self.text(field.of) == "boolean" { "is" } else { "get" }, field);
        self.method_giving(class, &named, value);
        self.method_giving(class, name, value);
    }

    /// A method that gives one value, where the class has none of its name.
    fn method_giving(&mut self, class: ClassId, name: &str, value: ExprId) {
        let sym = self.unit.sym(name);
        if self.unit.classes[class as usize].methods.contains_key(&sym) {
            return;
        }
        let method = self.function_of(name.into(), Some(class));
        self.unit.functions[method as usize].returns.push(value);
        self.unit.classes[class as usize].methods.insert(sym, vec![method]);
    }

    fn lombok_constructor(&mut self, class: ClassId, fields: &[&Field<'t>], scope: u32) {
        let id = self.function_of(CONSTRUCTOR.into(), Some(class));
        let before = (self.owner, self.scope);
        (self.base.owner, self.base.scope) = (id, scope);
        for field in fields {
            let annotation = self.type_expr(field.of);
            let name: Sym = self.sym(field.name);
            let at = index(self.unit.functions[id as usize].params.len());
            let param = Param { name: Some(name), default: None, annotation: Some(annotation), rest: false };
            self.unit.functions[id as usize].params.push(param);
            self.bind(name, Binding::Param(id, at));
            let value = self.add(Expr::Name(name, scope), field.name);
            self.set_field(class, name, value);
        }
        (self.base.owner, self.base.scope) = before;
        let constructor = self.unit.sym(CONSTRUCTOR);
        self.unit.classes[class as usize].methods.insert(constructor, vec![id]);
    }
}
