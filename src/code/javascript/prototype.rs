//! Functions that make objects: their methods stand on their prototype, and `this` is the object.

use crate::code::lower::Lowering;
use crate::code::unit::{Binding, Class, EXPORTS, Expr, ExprId, Sym, index};
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    /// Whether a function makes objects: it is named so, and gives them members, itself or by its prototype.
    pub(super) fn is_constructor(&mut self, node: Node<'t>, name: &str) -> bool {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && (self.text(node).contains("this.") || self.text.contains(&format!("{name}.prototype")))
    }

    /// Such a function as a class.
    pub(super) fn constructor(&mut self, node: Node<'t>, name: Sym) -> u32 {
        let class = index(self.unit.classes.len());
        self.unit.classes.push(Class { name: Some(name), ..Class::default() });
        let before = self.class.replace(class);
        let id = self.js_function(node, "constructor".into(), Some(class));
        self.class = before;
        let constructor = self.unit.sym("constructor");
        self.unit.classes[class as usize].methods.insert(constructor, vec![id]);
        class
    }

    /// `X.prototype.method = …` and `X.prototype = { … }`; false where the target is another.
    pub(super) fn prototype(&mut self, left: Node<'t>, right: Node<'t>) -> bool {
        let (Some(object), Some(property)) = (self.field(left, "object"), self.field(left, "property")) else {
            return false;
        };
        if self.text(property) == "prototype" {
            let Some(class) = self.class_named(object) else { return false };
            if right.kind() == "object" {
                let map = self.of_class(class, |this| this.js(right));
                let Expr::Map(pairs) = self.unit.expr(map).clone() else { return true };
                pairs
                    .iter()
                    .filter_map(|pair| Some((pair.key?, pair.value)))
                    .for_each(|(name, value)| self.give(class, name, value));
            } else if let Some((_, above)) = self.children(right).first().filter(|_| right.kind() == "new_expression") {
                // `X.prototype = new Base()`
                self.extend(class, *above);
            } else if let Some(arguments) = self.field(right, "arguments") {
                // `X.prototype = Object.create(Base.prototype)`
                let above = self.children(arguments).first().and_then(|(_, above)| self.field(*above, "object"));
                above.into_iter().for_each(|above| self.extend(class, above));
            }
            return true;
        }
        let is_prototype = object.kind() == "member_expression"
            && self.field(object, "property").is_some_and(|property| self.text(property) == "prototype");
        let of = self.field(object, "object").filter(|_| is_prototype);
        let Some(class) = of.and_then(|of| self.class_named(of)) else { return false };
        let name = self.sym(property);
        let value = self.of_class(class, |this| this.js_named(right, Some(name)));
        self.give(class, name, value);
        true
    }

    /// `util.inherits(X, Base)`
    pub(super) fn inherits(&mut self, arguments: Node<'t>) {
        if let [(_, class), (_, above)] = self.children(arguments).as_slice()
            && let Some(class) = self.class_named(*class)
        {
            self.extend(class, *above);
        }
    }

    fn extend(&mut self, class: u32, above: Node<'t>) {
        let base = self.js(above);
        self.unit.classes[class as usize].bases.push(base);
    }

    /// Reads methods of a class: naming a function there does not call it.
    fn of_class(&mut self, class: u32, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        let before = self.class.replace(class);
        let (aside, scope) = (self.exports(), self.scope);
        let mut value = 0;
        self.inside(aside, scope, |this| value = read(this));
        self.class = before;
        value
    }

    /// Gives a class a method, or something else that its objects have.
    fn give(&mut self, class: u32, name: Sym, value: ExprId) {
        let function = match self.unit.expr(value) {
            Expr::Function(function) => Some(*function),
            Expr::Name(named, scope) => self.unit.function_named(*named, *scope),
            _ => None,
        };
        match function {
            Some(function) => {
                if matches!(self.unit.expr(value), Expr::Function(_)) {
                    self.unit.functions[function as usize].class = Some(class);
                    self.unit.functions[function as usize].inline = false;
                }
                self.unit.classes[class as usize].methods.insert(name, vec![function]);
            }
            None => self.unit.classes[class as usize].fields.entry(name).or_default().push(value),
        }
    }

    /// The class that a name stands for.
    fn class_named(&mut self, node: Node<'t>) -> Option<u32> {
        if node.kind() != "identifier" {
            return None;
        }
        let name = self.sym(node);
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            let here = self.unit.scopes.get(at as usize)?;
            if let Some(bindings) = here.names.get(&name) {
                return bindings.iter().find_map(|binding| match binding {
                    Binding::Class(class) => Some(*class),
                    Binding::Value(value) => match self.unit.expr(*value) {
                        Expr::Class(class) => Some(*class),
                        _ => None,
                    },
                    _ => None,
                });
            }
            scope = here.parent;
        }
        None
    }

    /// Reads a method of an object literal: `this` is the object. `own` takes the places where it stands.
    pub(super) fn of_object<T>(&mut self, own: &mut Vec<ExprId>, read: impl FnOnce(&mut Self) -> T) -> T {
        // What is given to a prototype stands in the function that nobody calls, and is of its class.
        let of_prototype = self.unit.functions[self.owner as usize].name.as_ref() == EXPORTS;
        let before = (self.class, self.in_object, std::mem::take(&mut self.this_there));
        if !of_prototype {
            self.class = None;
        }
        self.in_object = true;
        let read = read(self);
        own.append(&mut self.this_there);
        (self.class, self.in_object, self.this_there) = before;
        read
    }

    /// `this` in such a method; what it stands for is known once the literal is read.
    pub(super) fn this_of_object(&mut self, node: Node<'t>) -> ExprId {
        let this = self.add(Expr::Unknown, node);
        self.this_there.push(this);
        this
    }
}
