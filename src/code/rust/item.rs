//! Rust items: functions, types, imports.

use super::{RustLowering, place};
use crate::code::unit::{Binding, Expr, ExprId, Function, FunctionId, Param, index};
use std::sync::Arc;
use syn::{Attribute, FnArg, ImplItem, Item, Pat, ReturnType, Signature, Type, TypeParamBound, UseTree};

impl RustLowering {
    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    pub(super) fn item(&mut self, item: &Item) {
        match item {
            Item::Use(item) => self.use_tree(&item.tree, &mut Vec::new()),
            Item::Mod(item) if !is_test_module(item) => match &item.content {
                Some((_, items)) => self.module(item, items),
                None => {
                    let name = self.ident(&item.ident);
                    let import = self.request(format!("mod {}", item.ident), place(item.ident.span()));
                    self.unit.bind(self.home, name, Binding::Import(import, None));
                }
            },
            Item::Fn(item) if !is_test(&item.attrs) => self.free_function(item),
            Item::Struct(item) => self.structure(item),
            Item::Enum(item) => self.enumeration(item),
            Item::Trait(item) => self.interface(item),
            Item::Impl(item) if !is_test(&item.attrs) => self.implementation(item),
            Item::Type(item) => {
                let before = self.scope;
                self.scope = self.unit.scope(before);
                self.bounds(&item.generics);
                let value = self.type_expr(&item.ty);
                self.scope = before;
                let name = self.ident(&item.ident);
                self.unit.bind(before, name, Binding::Value(value));
            }
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
            Item::Macro(item) => match &item.ident {
                Some(name) => self.own_macro(name, &item.mac.tokens),
                None => self.item_macro(&item.mac),
            },
            _ => {}
        }
    }

    fn free_function(&mut self, item: &syn::ItemFn) {
        let name = self.ident(&item.sig.ident);
        let id = self.function(&item.sig, Some(&item.block), None);
        self.unit.bind(self.scope, name, Binding::Function(id));
        if let Some(attribute) = item.attrs.iter().find(|attribute| registers(attribute)) {
            let decorator = self.path(attribute.path());
            self.unit.functions[id as usize].decorators.push(decorator);
        }
    }

    /// A trait: an interface whose methods may have bodies.
    fn interface(&mut self, item: &syn::ItemTrait) {
        let class = self.class_of(&item.ident.to_string());
        let before = (self.class.replace(class), self.scope);
        self.scope = self.unit.scope(self.scope);
        self.bounds(&item.generics);
        let supers = self.supertraits(item.supertraits.iter());
        let declared = &mut self.unit.classes[class as usize];
        declared.is_interface = true;
        declared.bases.extend(supers);
        for item in &item.items {
            if let syn::TraitItem::Fn(method) = item {
                let name = self.ident(&method.sig.ident);
                let id = self.function(&method.sig, method.default.as_ref(), Some(class));
                self.unit.classes[class as usize].methods.insert(name, vec![id]);
            }
        }
        (self.class, self.scope) = before;
    }

    /// Methods that are given to a type, or to all types that a bound allows.
    fn implementation(&mut self, item: &syn::ItemImpl) {
        let before = (self.class, self.scope);
        self.scope = self.unit.scope(self.scope);
        self.bounds(&item.generics);
        let of_trait = item.trait_.as_ref().map(|(path, _)| self.path(path));
        let registered = item.attrs.iter().find(|attribute| registers(attribute));
        let registered = registered.map(|attribute| self.path(attribute.path()));
        if let Some(class) = self.implemented(item) {
            self.class = Some(class);
            self.unit.classes[class as usize].bases.extend(of_trait);
            for item in &item.items {
                match item {
                    ImplItem::Fn(method) if !is_test(&method.attrs) => {
                        let name = self.ident(&method.sig.ident);
                        let id = self.function(&method.sig, Some(&method.block), Some(class));
                        self.unit.functions[id as usize].of_trait = registered.or(of_trait);
                        self.unit.classes[class as usize].methods.entry(name).or_default().push(id);
                    }
                    ImplItem::Const(item) => {
                        let name = self.ident(&item.ident);
                        let value = self.expr(&item.expr, Some(name));
                        self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
                    }
                    _ => {}
                }
            }
        }
        (self.class, self.scope) = before;
    }

    /// The class that an `impl` adds to; what it gives to every type that has a trait is the trait's.
    fn implemented(&mut self, item: &syn::ItemImpl) -> Option<u32> {
        let mut of = &*item.self_ty;
        while let Type::Reference(reference) = of {
            of = &reference.elem;
        }
        let path = match of {
            Type::Path(path) => &path.path,
            Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(&bound.path),
                _ => None,
            })?,
            _ => return None,
        };
        let is_param = |ident: &proc_macro2::Ident| item.generics.type_params().any(|param| param.ident == *ident);
        let path = match path.get_ident() {
            Some(ident) if is_param(ident) => &item.trait_.as_ref()?.0,
            _ => path,
        };
        let last = path.segments.last()?;
        let name = last.ident.to_string();
        // Methods that are given to a type from elsewhere have what that type has.
        let foreign = self.class_in_sight(&name).is_none().then(|| self.path(path));
        let class = self.class_of(&name);
        if let Some(foreign) = foreign {
            let span = self.span_of(foreign);
            let typed = self.add(Expr::Typed(foreign), span);
            let class = &mut self.unit.classes[class as usize];
            class.part_of = Some(foreign);
            class.bases.push(typed);
        }
        let of = self.add(Expr::Class(class), (0, 0));
        self.apply(of, &last.arguments);
        Some(class)
    }

    fn function(&mut self, signature: &Signature, block: Option<&syn::Block>, class: Option<u32>) -> FunctionId {
        let id = index(self.unit.functions.len());
        let name: Arc<str> = signature.ident.to_string().into();
        let bodyless = block.is_none();
        self.unit.functions.push(Function { name, class, parent: self.owner, bodyless, ..Function::default() });
        let scope = self.unit.scope(self.scope);
        let before = (self.owner, self.scope);
        (self.owner, self.scope) = (id, scope);
        self.bounds(&signature.generics);
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
        let tail = block.and_then(|block| self.block(block));
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

    /// A parameter that has a name and nothing else.
    pub(super) fn named_parameter(&mut self, function: FunctionId, name: &proc_macro2::Ident) {
        let at = index(self.unit.functions[function as usize].params.len());
        let name = self.ident(name);
        let param = Param { name: Some(name), default: None, annotation: None, rest: false };
        self.unit.functions[function as usize].params.push(param);
        self.unit.bind(self.scope, name, Binding::Param(function, at));
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
            UseTree::Glob(_) if self.uses_all_of_inline(before) => {}
            UseTree::Glob(glob) => {
                let span = glob.star_token.spans.first().map(|span| place(*span)).unwrap_or_default();
                let import = self.request(before.join("."), span);
                self.unit.imports[import as usize].all = true;
            }
        }
    }

    fn used(&mut self, before: &[String], name: &proc_macro2::Ident, alias: &proc_macro2::Ident) {
        let span = place(name.span());
        if self.uses_inline(before, name, alias) {
            return;
        }
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

/// Whether a module holds tests.
pub(super) fn is_test_module(item: &syn::ItemMod) -> bool {
    item.ident == "tests" || item.ident == "test" || is_test(&item.attrs)
}

/// Whether something is built for tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_named = attribute.path().segments.last().is_some_and(|last| last.ident == "test");
        let only = |condition: syn::Path| condition.is_ident("test");
        is_named || attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(only)
    })
}

/// Whether what an attribute stands on is handed to something that calls it: a route, an operation, a command.
fn registers(attribute: &Attribute) -> bool {
    const OTHERS: &str = "
        allow allow_internal_unstable async_recursion async_trait autometrics automock bench cached cfg
        cfg_attr cold concurrent_cached debug_handler deny deprecated derive doc expect export_name
        forbid ignore inline instrument io_cached main must_use no_mangle non_exhaustive once openapi
        path repr retry rustfmt serial should_panic skip target_feature test timed trace tracing
        track_caller trait_variant warn
    ";
    let segments = &attribute.path().segments;
    let is_other = |name: &proc_macro2::Ident| OTHERS.split_whitespace().any(|known| *name == known);
    !segments.iter().any(|segment| is_other(&segment.ident))
}
