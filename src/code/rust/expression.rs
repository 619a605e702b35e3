//! Rust expressions, statements and patterns.

use super::{RustLowering, place};
use crate::code::lower::positional;
use crate::code::unit::{Binding, Expr, ExprId, Function, Pair, Sym, index};
use syn::{Block, Lit, Member, Pat, Path, Stmt};

/// Methods that give the receiver itself, for what is asked here. Those that types of projects often have too are told
/// apart where the receiver is known (`library::gives_itself`).
const TRANSPARENT: &[&str] = &[
    "clone",
    "as_ref",
    "as_mut",
    "to_owned",
    "unwrap",
    "expect",
    "into",
    "as_deref",
    "as_deref_mut",
    "as_str",
    "to_string",
    "await",
    "iter",
    "iter_mut",
    "into_iter",
    "unwrap_or_default",
    "unwrap_or_else",
    "ok",
    "map_err",
    "with_context",
    "cloned",
    "copied",
    "trim",
    "ok_or_else",
    "ok_or",
    "boxed",
    "instrument",
];

/// Methods that hand what the receiver holds to their last argument, and give what it makes of it.
const APPLYING: &[&str] = &[
    "map",
    "and_then",
    "then",
    "for_each",
    "try_for_each",
    "for_each_concurrent",
    "try_for_each_concurrent",
    "filter",
    "filter_map",
    "flat_map",
    "find",
    "find_map",
    "inspect",
    "inspect_ok",
    "map_ok",
    "map_or",
    "map_or_else",
    "is_some_and",
    "any",
    "all",
    "with",
];

/// Methods that give one of the things that the receiver holds.
const ELEMENTS: &[&str] = &[
    "get",
    "get_mut",
    "first",
    "last",
    "next",
    "pop",
    "pop_front",
    "pop_back",
    "remove",
    "join_next",
    "nth",
    "find",
    "filter",
    "values",
    "values_mut",
    "into_values",
    "max",
    "min",
    "inspect",
];

impl RustLowering {
    /// The statements of a block; what its last expression gives.
    pub(super) fn block(&mut self, block: &Block) -> Option<ExprId> {
        let before = self.scope;
        self.scope = self.unit.scope(before);
        for statement in &block.stmts {
            if let Stmt::Item(item) = statement {
                self.item(item);
            }
        }
        let mut tail = None;
        for statement in &block.stmts {
            tail = None;
            match statement {
                Stmt::Local(local) => self.local(local),
                Stmt::Expr(expr, end) => {
                    let value = self.expr(expr, None);
                    tail = end.is_none().then_some(value);
                }
                Stmt::Macro(statement) => {
                    let value = self.macro_call(&statement.mac);
                    tail = statement.semi_token.is_none().then_some(value);
                }
                _ => {}
            }
        }
        self.scope = before;
        tail
    }

    fn local(&mut self, local: &syn::Local) {
        let (pattern, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pattern => (pattern, None),
        };
        if let Some(ty) = ty {
            let typed = self.typed(ty);
            self.pattern(pattern, typed);
        }
        if let Some(init) = &local.init {
            let name = match pattern {
                Pat::Ident(ident) => Some(self.ident(&ident.ident)),
                _ => None,
            };
            let value = self.expr(&init.expr, name);
            self.pattern(pattern, value);
            if let Some((_, diverge)) = &init.diverge {
                self.expr(diverge, None);
            }
        }
    }

    /// Gives a value to a pattern's names.
    pub(super) fn pattern(&mut self, pattern: &Pat, value: ExprId) {
        if self.depth > 100 {
            return;
        }
        self.depth += 1;
        match pattern {
            Pat::Ident(ident) => {
                let name = self.ident(&ident.ident);
                self.bind(name, value);
                if let Some((_, inner)) = &ident.subpat {
                    self.pattern(inner, value);
                }
            }
            Pat::Type(typed) => self.pattern(&typed.pat, value),
            Pat::Reference(reference) => self.pattern(&reference.pat, value),
            Pat::Paren(paren) => self.pattern(&paren.pat, value),
            Pat::TupleStruct(tuple) => self.tuple_pattern(tuple, value),
            Pat::Tuple(tuple) => {
                for (at, part) in tuple.elems.iter().enumerate() {
                    let span = self.span_of(value);
                    let number = self.add(Expr::Number(at.to_string().into()), span);
                    let item = self.add(Expr::Index(value, number), span);
                    self.pattern(part, item);
                }
            }
            Pat::Struct(fields) => {
                let of = self.path(&fields.path);
                for field in &fields.fields {
                    if let Member::Named(ident) = &field.member {
                        let (name, at) = (self.ident(ident), place(ident.span()));
                        let member = self.held(value, of, name, at);
                        self.pattern(&field.pat, member);
                    }
                }
            }
            Pat::Guard(guarded) => {
                self.pattern(&guarded.pat, value);
                self.expr(&guarded.guard, None);
            }
            Pat::Or(or) => or.cases.iter().for_each(|case| self.pattern(case, value)),
            _ => {}
        }
        self.depth -= 1;
    }

    /// `Some(x)`, `Ok(x)` and wrappers of packages hold what is asked for, variants and types of the project their fields.
    fn tuple_pattern(&mut self, tuple: &syn::PatTupleStruct, value: ExprId) {
        let is_transparent = tuple.path.get_ident().is_some_and(|name| name == "Some" || name == "Ok" || name == "Err");
        if is_transparent {
            return tuple.elems.iter().for_each(|part| self.pattern(part, value));
        }
        let of = self.path(&tuple.path);
        let span = self.span_of(of);
        for (at, part) in tuple.elems.iter().enumerate() {
            let name = self.unit.sym(&at.to_string());
            let held = self.held(value, of, name, span);
            self.pattern(part, held);
        }
    }

    /// A field of a value that a pattern takes for one of a type or variant.
    fn held(&mut self, value: ExprId, of: ExprId, name: Sym, span: (u32, u32)) -> ExprId {
        let typed = self.add(Expr::Typed(of), span);
        let sides = [typed, value].map(|object| self.add(Expr::Member(object, name), span));
        self.add(Expr::OneOf(sides.into()), span)
    }

    /// An expression; literals in it are given to `name`.
    pub(super) fn expr(&mut self, expr: &syn::Expr, name: Option<Sym>) -> ExprId {
        self.deeper(|this| this.expression(expr, name))
    }

    fn expression(&mut self, expr: &syn::Expr, name: Option<Sym>) -> ExprId {
        use syn::Expr as E;
        match expr {
            E::Path(path) => self.qualified(path.qself.as_ref(), &path.path),
            E::Lit(literal) => self.lit(&literal.lit, name),
            E::MethodCall(call) => self.method_call(call, name),
            E::Call(call) => {
                let callee = self.expr(&call.func, None);
                let args = call.args.iter().map(|arg| positional(self.expr(arg, name))).collect();
                let span = (self.span_of(callee).0, place(call.paren_token.span.close()).1);
                let result = self.add(Expr::Call { callee, args, new: false }, span);
                let last = match &*call.func {
                    E::Path(path) => path.path.segments.last().map(|last| &last.arguments),
                    _ => None,
                };
                match last {
                    Some(syn::PathArguments::AngleBracketed(arguments)) => self.or_typed(result, arguments),
                    _ => result,
                }
            }
            E::Field(field) => {
                let object = self.expr(&field.base, None);
                let (sym, at) = match &field.member {
                    Member::Named(ident) => (self.ident(ident), place(ident.span())),
                    Member::Unnamed(number) => (self.unit.sym(&number.index.to_string()), place(number.span)),
                };
                let span = (self.span_of(object).0, at.1);
                self.add(Expr::Member(object, sym), span)
            }
            E::Await(inner) => self.expr(&inner.base, name),
            E::Try(inner) => self.expr(&inner.expr, name),
            E::Reference(inner) => self.expr(&inner.expr, name),
            E::Paren(inner) => self.expr(&inner.expr, name),
            E::Group(inner) => self.expr(&inner.expr, name),
            E::Cast(inner) => self.expr(&inner.expr, name),
            E::Unary(inner) => self.expr(&inner.expr, name),
            E::Macro(call) => self.macro_call(&call.mac),
            E::Closure(closure) => self.closure(closure),
            E::Struct(literal) => self.struct_literal(literal),
            E::Array(list) => self.list(list.elems.iter(), name),
            E::Tuple(list) => self.list(list.elems.iter(), name),
            E::Index(access) => {
                let object = self.expr(&access.expr, None);
                let at = self.expr(&access.index, None);
                let span = self.span_of(object);
                self.add(Expr::Index(object, at), span)
            }
            E::Binary(binary) => {
                let left = self.expr(&binary.left, name);
                let right = self.expr(&binary.right, name);
                let span = (self.span_of(left).0, self.span_of(right).1);
                let joins = matches!(binary.op, syn::BinOp::Add(_));
                self.add(if joins { Expr::Join(Box::new([left, right])) } else { Expr::Unknown }, span)
            }
            E::Assign(assign) => self.assign(assign),
            _ => self.control(expr),
        }
    }

    /// Blocks, branches and loops.
    fn control(&mut self, expr: &syn::Expr) -> ExprId {
        use syn::Expr as E;
        let values: Vec<ExprId> = match expr {
            E::Block(inner) => self.block(&inner.block).into_iter().collect(),
            E::Async(inner) => self.block(&inner.block).into_iter().collect(),
            E::Unsafe(inner) => self.block(&inner.block).into_iter().collect(),
            E::If(branch) => {
                self.expr(&branch.cond, None);
                let mut sides: Vec<ExprId> = self.block(&branch.then_branch).into_iter().collect();
                sides.extend(branch.else_branch.as_ref().map(|(_, other)| self.expr(other, None)));
                sides
            }
            E::Let(inner) => {
                let value = self.expr(&inner.expr, None);
                self.pattern(&inner.pat, value);
                vec![value]
            }
            E::Match(inner) => {
                let value = self.expr(&inner.expr, None);
                let mut arms = Vec::new();
                for arm in &inner.arms {
                    self.pattern(&arm.pat, value);
                    arms.push(self.expr(&arm.body, None));
                }
                arms
            }
            E::Loop(inner) => self.block(&inner.body).into_iter().collect(),
            E::While(inner) => {
                self.expr(&inner.cond, None);
                self.block(&inner.body).into_iter().collect()
            }
            E::ForLoop(inner) => {
                let of = self.expr(&inner.expr, None);
                let span = self.span_of(of);
                let element = self.add(Expr::Element(of), span);
                self.pattern(&inner.pat, element);
                self.block(&inner.body);
                Vec::new()
            }
            E::Return(inner) => {
                if let Some(value) = inner.expr.as_ref().map(|value| self.expr(value, None)) {
                    self.unit.functions[self.owner as usize].returns.push(value);
                }
                Vec::new()
            }
            E::Break(inner) => inner.expr.iter().map(|value| self.expr(value, None)).collect(),
            E::Const(inner) => self.block(&inner.block).into_iter().collect(),
            E::TryBlock(inner) => self.block(&inner.block).into_iter().collect(),
            E::RawAddr(inner) => vec![self.expr(&inner.expr, None)],
            E::Range(range) => {
                for end in [&range.start, &range.end].into_iter().flatten() {
                    self.expr(end, None);
                }
                Vec::new()
            }
            E::Repeat(repeat) => {
                let value = self.expr(&repeat.expr, None);
                self.expr(&repeat.len, None);
                let span = self.span_of(value);
                return self.add(Expr::List(Box::new([value])), span);
            }
            E::Yield(inner) => {
                if let Some(value) = &inner.expr {
                    self.expr(value, None);
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        let span = values.first().map(|value| self.span_of(*value)).unwrap_or_default();
        self.add(Expr::OneOf(values.into()), span)
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall, name: Option<Sym>) -> ExprId {
        let receiver = self.expr(&call.receiver, name);
        let method = call.method.to_string();
        let args: Vec<ExprId> = call.args.iter().map(|arg| self.expr(arg, name)).collect();
        if method == "unwrap_or" {
            let sides = [receiver].into_iter().chain(args).collect();
            let span = self.span_of(receiver);
            return self.add(Expr::OneOf(sides), span);
        }
        if TRANSPARENT.contains(&method.as_str()) {
            return receiver;
        }
        let sym = self.unit.sym(&method);
        let start = self.span_of(receiver).0;
        let callee = self.add(Expr::Member(receiver, sym), (start, place(call.method.span()).1));
        let span = (start, place(call.paren_token.span.close()).1);
        let last = args.last().copied();
        let args = args.into_iter().map(positional).collect();
        let mut result = self.add(Expr::Call { callee, args, new: false }, span);
        if let Some(arguments) = &call.turbofish {
            result = self.or_typed(result, arguments);
        }
        let applied = last.filter(|_| APPLYING.contains(&method.as_str()));
        let is_element = ELEMENTS.contains(&method.as_str());
        if applied.is_none() && !is_element {
            return result;
        }
        let element = self.add(Expr::Element(receiver), span);
        let mut sides = vec![result];
        sides.extend(is_element.then_some(element));
        if let Some(function) = applied {
            let held = self.add(Expr::OneOf(Box::new([receiver, element])), span);
            let args = Box::new([positional(held)]);
            sides.push(self.add(Expr::Call { callee: function, args, new: false }, span));
        }
        self.add(Expr::OneOf(sides.into()), span)
    }

    /// What a call gives, or a value of the type that it names.
    fn or_typed(&mut self, result: ExprId, arguments: &syn::AngleBracketedGenericArguments) -> ExprId {
        let Some(typed) = self.turbofish(arguments) else { return result };
        let span = self.span_of(result);
        self.add(Expr::OneOf(Box::new([result, typed])), span)
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> ExprId {
        let id = index(self.unit.functions.len());
        let name = self.unit.functions[self.owner as usize].name.clone();
        self.unit.functions.push(Function { name, parent: self.owner, inline: true, ..Function::default() });
        let before = (self.owner, self.scope);
        (self.owner, self.scope) = (id, self.unit.scope(self.scope));
        for input in &closure.inputs {
            let (pattern, annotation) = match input {
                Pat::Type(typed) => (&*typed.pat, Some(self.type_expr(&typed.ty))),
                pattern => (pattern, None),
            };
            self.parameter(id, pattern, annotation);
        }
        let value = self.expr(&closure.body, None);
        self.unit.functions[id as usize].returns.push(value);
        (self.owner, self.scope) = before;
        let span = self.span_of(value);
        self.add(Expr::Function(id), span)
    }

    /// `Repo { client }`: an instance whose fields are given values.
    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> ExprId {
        let of = self.path(&literal.path);
        let mut pairs = Vec::new();
        for field in &literal.fields {
            let key = match &field.member {
                Member::Named(ident) => self.ident(ident),
                Member::Unnamed(number) => self.unit.sym(&number.index.to_string()),
            };
            let value = self.expr(&field.expr, Some(key));
            pairs.push(Pair { key: Some(key), computed: None, value, spread: false });
        }
        if let Some(rest) = &literal.rest {
            self.expr(rest, None);
        }
        let span = (self.span_of(of).0, place(literal.brace_token.span.close()).1);
        let map = self.add(Expr::Map(pairs.into()), span);
        self.add(Expr::Struct(of, map), span)
    }

    fn list<'a>(&mut self, items: impl Iterator<Item = &'a syn::Expr>, name: Option<Sym>) -> ExprId {
        let items: Vec<ExprId> = items.map(|item| self.expr(item, name)).collect();
        let span = items.first().map(|item| self.span_of(*item)).unwrap_or_default();
        self.add(Expr::List(items.into()), span)
    }

    fn assign(&mut self, assign: &syn::ExprAssign) -> ExprId {
        let target = self.expr(&assign.left, None);
        let name = match self.unit.expr(target) {
            Expr::Name(name, _) | Expr::Member(_, name) => Some(*name),
            _ => None,
        };
        let value = self.expr(&assign.right, name);
        match *self.unit.expr(target) {
            Expr::Name(name, scope) => {
                let at = self.declared(name, scope);
                self.unit.bind(at, name, Binding::Value(value));
            }
            _ => self.unit.stores.push((target, value)),
        }
        value
    }

    /// The scope that a variable is declared in.
    fn declared(&self, name: Sym, from: u32) -> u32 {
        let mut scope = Some(from);
        while let Some(at) = scope {
            let Some(here) = self.unit.scopes.get(at as usize) else { break };
            if here.names.contains_key(&name) {
                return at;
            }
            scope = here.parent;
        }
        from
    }

    fn lit(&mut self, literal: &Lit, name: Option<Sym>) -> ExprId {
        match literal {
            Lit::Str(text) => {
                let id = self.add(Expr::Text(text.value().into()), place(text.span()));
                self.unit.literals.push((name, id));
                id
            }
            Lit::Bool(value) => self.add(Expr::Bool(value.value), place(value.span)),
            Lit::Int(number) => self.add(Expr::Number(number.base10_digits().into()), place(number.span())),
            other => self.add(Expr::Unknown, place(other.span())),
        }
    }

    /// A path that may begin with a type: `<T as Trait>::method`.
    pub(super) fn qualified(&mut self, of: Option<&syn::QSelf>, path: &Path) -> ExprId {
        let Some(of) = of else { return self.path(path) };
        let mut value = self.type_expr(&of.ty);
        let start = self.span_of(value).0;
        for segment in path.segments.iter().skip(of.position) {
            let (sym, end) = (self.ident(&segment.ident), place(segment.ident.span()).1);
            value = self.add(Expr::Member(value, sym), (start, end));
        }
        value
    }

    /// `a::b::C::d`: a module of the crate as far as its segments are modules, then members.
    pub(super) fn path(&mut self, path: &Path) -> ExprId {
        let segments: Vec<_> = path.segments.iter().map(|segment| &segment.ident).collect();
        let Some((first, rest)) = segments.split_first() else {
            return self.add(Expr::Unknown, (0, 0));
        };
        let start = place(first.span());
        let text = first.to_string();
        let mut at = 0;
        let mut value = if text == "Self" && self.class.is_some() {
            let class = self.class.unwrap_or_default();
            self.add(Expr::Class(class), start)
        } else if let Some((module, count)) = self.inline_path(&segments) {
            at = count;
            let name = self.ident(segments[count]);
            self.add(Expr::Name(name, module), start)
        } else if matches!(text.as_str(), "crate" | "super") || (text == "self" && !rest.is_empty()) {
            let mut module = vec![text];
            while at + 1 < rest.len() && rest[at].to_string().starts_with(|c: char| c.is_ascii_lowercase()) {
                module.push(rest[at].to_string());
                at += 1;
            }
            let import = self.request(module.join("."), start);
            self.add(Expr::Import(import), start)
        } else {
            let sym = self.ident(first);
            let scope = self.root_scope(sym, &text, !rest.is_empty(), start);
            self.add(Expr::Name(sym, scope), start)
        };
        for ident in rest.iter().skip(at) {
            let sym = self.ident(ident);
            value = self.add(Expr::Member(value, sym), (start.0, place(ident.span()).1));
        }
        value
    }

    /// The scope that a name is looked up in: what a path begins with is no variable.
    fn root_scope(&mut self, name: Sym, text: &str, begins: bool, at: (u32, u32)) -> u32 {
        if !begins || !text.starts_with(|first: char| first.is_ascii_lowercase()) {
            return self.scope;
        }
        self.roots.entry(name).or_insert(at);
        let is_import = |binding: &Binding| matches!(binding, Binding::Import(..) | Binding::Class(_));
        let mut next = Some(self.scope);
        while let Some(scope) = next {
            let Some(here) = self.unit.scopes.get(scope as usize) else { break };
            if here.names.get(&name).is_some_and(|bindings| bindings.iter().any(is_import)) {
                return scope;
            }
            next = here.parent;
        }
        0
    }
}
