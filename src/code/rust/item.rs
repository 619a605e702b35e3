//! Rust items: functions, types, imports.

use super::{RustLowering, place};
use crate::code::unit::{Binding, Expr, ExprId, Function, FunctionId, Param, index};
use std::sync::Arc;
use syn::{FnArg, GenericArgument, ImplItem, Item, Pat, PathArguments, ReturnType, Signature, Type, UseTree};

/// Wrappers whose value is the value inside.
const WRAPPERS: &[&str] = &[
    "Arc",
    "Rc",
    "Box",
    "Option",
    "Mutex",
    "RwLock",
    "OnceCell",
    "OnceLock",
    "LazyLock",
    "Lazy",
    "Cow",
    "State",
    "Extension",
    "Result",
    "RefCell",
    "Pin",
    "Data",
];

impl RustLowering {
    /// Makes the classes of all types first, so that order does not matter.
    pub(super) fn declare(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Struct(item) => {
                    self.class_of(&item.ident.to_string());
                }
                Item::Enum(item) => {
                    self.class_of(&item.ident.to_string());
                }
                Item::Mod(item) => {
                    if let Some((_, items)) = &item.content {
                        self.declare(items);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    pub(super) fn item(&mut self, item: &Item) {
        match item {
            Item::Use(item) => self.use_tree(&item.tree, &mut Vec::new()),
            Item::Mod(item) => {
                let is_test = item.ident == "tests" || item.ident == "test";
                match &item.content {
                    Some((_, items)) if !is_test => self.items(items),
                    None if !is_test => {
                        let name = self.ident(&item.ident);
                        let import = self.request(format!("mod {}", item.ident), place(item.ident.span()));
                        self.unit.bind(0, name, Binding::Import(import, None));
                    }
                    _ => {}
                }
            }
            Item::Fn(item) => {
                let is_test = item.attrs.iter().any(|attribute| attribute.path().is_ident("test"));
                if !is_test {
                    let name = self.ident(&item.sig.ident);
                    let id = self.function(&item.sig, &item.block, None);
                    self.unit.bind(self.scope, name, Binding::Function(id));
                }
            }
            Item::Struct(item) => {
                let class = self.class_of(&item.ident.to_string());
                for field in &item.fields {
                    let Some(ident) = &field.ident else { continue };
                    let name = self.ident(ident);
                    let value = self.typed(&field.ty);
                    self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
                }
            }
            Item::Impl(item) => self.implementation(&item.self_ty, &item.items),
            Item::Const(item) => {
                let name = self.ident(&item.ident);
                let value = self.expr(&item.expr, Some(name));
                self.unit.bind(self.scope, name, Binding::Value(value));
            }
            Item::Static(item) => {
                let name = self.ident(&item.ident);
                let value = self.expr(&item.expr, Some(name));
                let typed = self.typed(&item.ty);
                self.unit.bind(self.scope, name, Binding::Value(typed));
                self.unit.bind(self.scope, name, Binding::Value(value));
            }
            Item::Macro(item) => {
                self.macro_call(&item.mac);
            }
            _ => {}
        }
    }

    fn implementation(&mut self, of: &Type, items: &[ImplItem]) {
        let name = match of {
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let Some(name) = name else { return };
        // Methods that are given to a type from elsewhere have what that type has.
        let foreign = (!self.classes.contains_key(&name)).then(|| self.typed(of));
        let class = self.class_of(&name);
        self.unit.classes[class as usize].bases.extend(foreign);
        let before = self.class.replace(class);
        for item in items {
            match item {
                ImplItem::Fn(method) => {
                    let name = self.ident(&method.sig.ident);
                    let id = self.function(&method.sig, &method.block, Some(class));
                    self.unit.classes[class as usize].methods.insert(name, vec![id]);
                }
                ImplItem::Const(item) => {
                    let name = self.ident(&item.ident);
                    let value = self.expr(&item.expr, Some(name));
                    self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
                }
                _ => {}
            }
        }
        self.class = before;
    }

    fn function(&mut self, signature: &Signature, block: &syn::Block, class: Option<u32>) -> FunctionId {
        let id = index(self.unit.functions.len());
        let name: Arc<str> = signature.ident.to_string().into();
        self.unit.functions.push(Function { name, class, parent: self.owner, ..Function::default() });
        let scope = self.unit.scope(self.scope);
        let before = (self.owner, self.scope);
        (self.owner, self.scope) = (id, scope);
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(_) => {
                    let this = self.unit.sym("self");
                    if let Some(class) = class {
                        self.unit.bind(scope, this, Binding::This(class));
                    }
                }
                FnArg::Typed(typed) => {
                    let annotation = Some(self.type_expr(&typed.ty));
                    self.parameter(id, &typed.pat, annotation);
                }
            }
        }
        if let ReturnType::Type(_, ty) = &signature.output {
            let typed = self.typed(ty);
            self.unit.functions[id as usize].returns.push(typed);
        }
        let tail = self.block(block);
        self.unit.functions[id as usize].returns.extend(tail);
        (self.owner, self.scope) = before;
        id
    }

    /// A parameter of a function or closure.
    pub(super) fn parameter(&mut self, function: FunctionId, pattern: &Pat, annotation: Option<ExprId>) {
        let at = index(self.unit.functions[function as usize].params.len());
        let name = match pattern {
            Pat::Ident(ident) => self.ident(&ident.ident),
            _ => self.unit.sym(&format!("%{at}")),
        };
        let param = Param { name: Some(name), default: None, annotation, rest: false };
        self.unit.functions[function as usize].params.push(param);
        self.unit.bind(self.scope, name, Binding::Param(function, at));
        if !matches!(pattern, Pat::Ident(_)) {
            let value = self.add(Expr::Name(name, self.scope), (0, 0));
            self.pattern(pattern, value);
        }
    }

    /// A value of a type.
    pub(super) fn typed(&mut self, ty: &Type) -> ExprId {
        let inner = self.type_expr(ty);
        let span = self.span_of(inner);
        self.add(Expr::Typed(inner), span)
    }

    /// A type as an expression; wrappers and references are what they hold.
    pub(super) fn type_expr(&mut self, ty: &Type) -> ExprId {
        self.deeper(|this| match ty {
            Type::Reference(reference) => this.type_expr(&reference.elem),
            Type::Paren(paren) => this.type_expr(&paren.elem),
            Type::Group(group) => this.type_expr(&group.elem),
            Type::Path(path) => {
                let Some(last) = path.path.segments.last() else {
                    return this.add(Expr::Unknown, (0, 0));
                };
                if let (true, PathArguments::AngleBracketed(generics)) =
                    (WRAPPERS.contains(&last.ident.to_string().as_str()), &last.arguments)
                {
                    for argument in &generics.args {
                        if let GenericArgument::Type(inner) = argument {
                            return this.type_expr(inner);
                        }
                    }
                }
                this.path(&path.path)
            }
            _ => this.add(Expr::Unknown, (0, 0)),
        })
    }

    /// `use a::b::{c, d as e}`; modules of the crate are asked for by their path.
    fn use_tree(&mut self, tree: &UseTree, before: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                if before.len() < 64 {
                    self.use_tree(&path.tree, before);
                }
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before);
                }
            }
            UseTree::Name(name) => self.used(before, &name.ident, &name.ident),
            UseTree::Rename(rename) => self.used(before, &rename.ident, &rename.rename),
            UseTree::Glob(glob) => {
                let span = glob.star_token.spans.first().map(|span| place(*span)).unwrap_or_default();
                let import = self.request(before.join("."), span);
                self.unit.imports[import as usize].all = true;
            }
        }
    }

    fn used(&mut self, before: &[String], name: &proc_macro2::Ident, alias: &proc_macro2::Ident) {
        let span = place(name.span());
        if name == "self" || before.is_empty() {
            let module = if before.is_empty() { name.to_string() } else { before.join(".") };
            let last = if name != alias || before.is_empty() {
                alias.to_string()
            } else {
                before.last().cloned().unwrap_or_default()
            };
            let import = self.request(module, span);
            let sym = self.unit.sym(&last);
            return self.unit.bind(self.scope, sym, Binding::Import(import, None));
        }
        let import = self.request(before.join("."), span);
        self.unit.imports[import as usize].member = Some(name.to_string().into());
        let (member, alias) = (self.ident(name), self.ident(alias));
        self.unit.bind(self.scope, alias, Binding::Import(import, Some(member)));
    }
}
