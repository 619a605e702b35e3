//! Rust types as expressions: what they hold, what their parameters are bound to, and what types are made of.

use super::{RustLowering, place};
use crate::code::unit::{Binding, Class, Expr, ExprId, Sym, index};
use syn::{Fields, GenericArgument, GenericParam, Generics, Item, PathArguments, Type, TypeParamBound, WherePredicate};

/// Wrappers whose value is the value inside.
const WRAPPERS: &[&str] = &[
    "Arc",
    "Rc",
    "Weak",
    "Box",
    "Option",
    "Mutex",
    "MutexGuard",
    "RwLock",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "OnceCell",
    "OnceLock",
    "LazyLock",
    "LazyCell",
    "Lazy",
    "AsyncOnce",
    "Cow",
    "State",
    "Extension",
    "Result",
    "RefCell",
    "Cell",
    "Ref",
    "RefMut",
    "Pin",
    "Data",
    "ArcSwap",
    "BoxFuture",
    "LocalBoxFuture",
    "JoinHandle",
];

/// Collections, which stand for a list of what they hold: the last of their parameters.
const COLLECTIONS: &[&str] = &[
    "Vec",
    "VecDeque",
    "HashMap",
    "BTreeMap",
    "IndexMap",
    "DashMap",
    "HashSet",
    "BTreeSet",
    "BoxStream",
    "SmallVec",
    "FuturesUnordered",
    "FuturesOrdered",
    "JoinSet",
];

impl RustLowering {
    /// Makes the classes of all types first, so that order does not matter.
    pub(super) fn declare(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Struct(item) => {
                    self.own_class(&item.ident.to_string());
                }
                Item::Enum(item) => {
                    self.own_class(&item.ident.to_string());
                }
                Item::Trait(item) => {
                    self.own_class(&item.ident.to_string());
                }
                Item::Mod(item) => self.declare_module(item),
                _ => {}
            }
        }
    }

    pub(super) fn structure(&mut self, item: &syn::ItemStruct) {
        let class = self.class_of(&item.ident.to_string());
        let before = self.scope;
        self.scope = self.unit.scope(before);
        self.parameters(class, &item.generics);
        self.unit.classes[class as usize].is_read = is_read(&item.attrs);
        self.fields(class, &item.fields);
        self.scope = before;
    }

    /// An enum: each of its variants is a class that extends it.
    pub(super) fn enumeration(&mut self, item: &syn::ItemEnum) {
        let class = self.class_of(&item.ident.to_string());
        let before = self.scope;
        self.scope = self.unit.scope(before);
        self.parameters(class, &item.generics);
        self.unit.classes[class as usize].is_read = is_read(&item.attrs);
        for variant in &item.variants {
            let at = place(variant.ident.span());
            let base = self.add(Expr::Class(class), at);
            let made = index(self.unit.classes.len());
            self.unit.classes.push(Class { bases: vec![base], ..Class::default() });
            self.fields(made, &variant.fields);
            let (name, value) = (self.ident(&variant.ident), self.add(Expr::Class(made), at));
            self.unit.classes[class as usize].fields.entry(name).or_default().push(value);
        }
        self.scope = before;
    }

    fn fields(&mut self, class: u32, fields: &Fields) {
        self.unit.classes[class as usize].is_unit = matches!(fields, Fields::Unit);
        for (at, field) in fields.iter().enumerate() {
            let name = match &field.ident {
                Some(ident) => self.ident(ident),
                None => self.unit.sym(&at.to_string()),
            };
            let value = self.typed(&field.ty);
            let class = &mut self.unit.classes[class as usize];
            class.fields.entry(name).or_default().push(value);
            class.order.push(name);
        }
    }

    /// Binds the names of type parameters here to the traits that bound them.
    pub(super) fn bounds(&mut self, generics: &Generics) {
        for param in &generics.params {
            if let GenericParam::Type(param) = param {
                let name = self.ident(&param.ident);
                self.bound(name, param.bounds.iter());
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let WherePredicate::Type(predicate) = predicate
                && let Type::Path(path) = &predicate.bounded_ty
                && let Some(ident) = path.path.get_ident()
            {
                let name = self.ident(ident);
                self.bound(name, predicate.bounds.iter());
            }
        }
    }

    fn bound<'a>(&mut self, name: Sym, bounds: impl Iterator<Item = &'a TypeParamBound>) {
        let value = self.traits(bounds);
        self.unit.bind(self.scope, name, Binding::Value(value));
    }

    /// The parameters of a type are fields of it that hold types: its bounds, and what it is given anywhere.
    fn parameters(&mut self, class: u32, generics: &Generics) {
        self.bounds(generics);
        let names: Vec<Sym> =
            generics.type_params().map(|param| param.ident.clone()).map(|name| self.ident(&name)).collect();
        for (at, name) in names.into_iter().enumerate() {
            let field = self.unit.sym(&parameter(at));
            let of = self.add(Expr::Class(class), (0, 0));
            let value = self.add(Expr::Member(of, field), (0, 0));
            self.unit.bind(self.scope, name, Binding::Value(value));
        }
    }

    /// Notes what a type is given for its parameters.
    pub(super) fn apply(&mut self, of: ExprId, arguments: &PathArguments) {
        let PathArguments::AngleBracketed(arguments) = arguments else { return };
        let types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(Type::Infer(_)) | GenericArgument::Lifetime(_) => None,
            GenericArgument::Type(of) => Some(of),
            _ => None,
        });
        let given: Vec<ExprId> = types.map(|of| self.type_expr(of)).collect();
        if !given.is_empty() {
            self.unit.applied.push((of, given));
        }
    }

    /// A value of the first type that a call names: `from_str::<Order>(…)`.
    pub(super) fn turbofish(&mut self, arguments: &syn::AngleBracketedGenericArguments) -> Option<ExprId> {
        let of = arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(Type::Infer(_)) => None,
            GenericArgument::Type(of) => Some(of),
            _ => None,
        })?;
        Some(self.typed(of))
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
            Type::Slice(slice) => this.list_of(&[&*slice.elem]),
            Type::Array(array) => this.list_of(&[&*array.elem]),
            Type::Tuple(tuple) => this.list_of(&tuple.elems.iter().collect::<Vec<_>>()),
            Type::TraitObject(object) => this.traits(object.bounds.iter()),
            Type::ImplTrait(object) => this.traits(object.bounds.iter()),
            Type::Path(path) => this.path_type(path),
            _ => this.add(Expr::Unknown, (0, 0)),
        })
    }

    fn path_type(&mut self, path: &syn::TypePath) -> ExprId {
        let Some(last) = path.path.segments.last() else {
            return self.add(Expr::Unknown, (0, 0));
        };
        if let PathArguments::AngleBracketed(generics) = &last.arguments {
            let mut types = generics.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(inner) => Some(inner),
                _ => None,
            });
            let name = last.ident.to_string();
            if WRAPPERS.contains(&name.as_str())
                && let Some(inner) = types.next()
            {
                return self.type_expr(inner);
            }
            if COLLECTIONS.contains(&name.as_str())
                && let Some(inner) = types.last()
            {
                return self.list_of(&[inner]);
            }
        }
        let of = self.qualified(path.qself.as_ref(), &path.path);
        self.apply(of, &last.arguments);
        of
    }

    fn list_of(&mut self, types: &[&Type]) -> ExprId {
        let items: Vec<ExprId> = types.iter().map(|of| self.typed(of)).collect();
        let span = items.first().map(|item| self.span_of(*item)).unwrap_or_default();
        self.add(Expr::List(items.into()), span)
    }

    /// The traits that a trait asks for.
    pub(super) fn supertraits<'a>(&mut self, bounds: impl Iterator<Item = &'a TypeParamBound>) -> Vec<ExprId> {
        let paths = bounds.filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(&bound.path),
            _ => None,
        });
        paths.map(|path| self.path(path)).collect()
    }

    /// The traits of a bound; a future is what it gives, a sequence a list of it.
    fn traits<'a>(&mut self, bounds: impl Iterator<Item = &'a TypeParamBound>) -> ExprId {
        let mut found = Vec::new();
        for bound in bounds {
            let TypeParamBound::Trait(bound) = bound else { continue };
            let Some(last) = bound.path.segments.last() else { continue };
            let associated = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::AssocType(of) if of.ident == "Output" || of.ident == "Item" => Some(&of.ty),
                    _ => None,
                }),
                _ => None,
            };
            match (last.ident.to_string().as_str(), associated) {
                ("Future", Some(output)) => found.push(self.type_expr(output)),
                ("Iterator" | "IntoIterator" | "Stream", Some(item)) => found.push(self.list_of(&[item])),
                ("Fn" | "FnMut" | "FnOnce", _) => {}
                _ => {
                    let of = self.path(&bound.path);
                    self.apply(of, &last.arguments);
                    found.push(of);
                }
            }
        }
        let span = found.first().map(|bound| self.span_of(*bound)).unwrap_or_default();
        self.add(Expr::OneOf(found.into()), span)
    }
}

/// The field that stands for a parameter of a type.
fn parameter(at: usize) -> String {
    format!("<{at}>")
}

/// Whether derived code makes values of a type: of JSON, of arguments, of the environment.
fn is_read(attributes: &[syn::Attribute]) -> bool {
    const DERIVES: &[&str] = &["Deserialize", "FromRow", "Parser", "Message"];
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // What does not parse is no list of derives.
        let _ = attribute.parse_nested_meta(|meta| {
            let last = meta.path.segments.last();
            found |= last.is_some_and(|last| DERIVES.contains(&last.ident.to_string().as_str()));
            Ok(())
        });
    }
    found
}
