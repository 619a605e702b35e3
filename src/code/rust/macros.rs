//! Rust macros: their arguments read as expressions, and what their format strings name.

use super::{RustLowering, place};
use crate::code::lower::positional;
use crate::code::unit::{Binding, Expr, ExprId, Function, index};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Macro;
use syn::parse::Parser;
use syn::punctuated::Punctuated;

impl RustLowering {
    /// A macro call as a call of `name!` with the arguments that can be read.
    pub(super) fn macro_call(&mut self, call: &Macro) -> ExprId {
        let Some(last) = call.path.segments.last() else {
            return self.add(Expr::Unknown, (0, 0));
        };
        let name = last.ident.to_string();
        let span = place(last.ident.span());
        if name == "cfg_if" {
            return self.alternatives(&call.tokens, span);
        }
        let mut parts = Vec::new();
        for argument in arguments(call.tokens.clone()) {
            let value = self.expr(&argument, None);
            if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &argument {
                for captured in captured(&text.value()) {
                    let sym = self.unit.sym(&captured);
                    parts.push(self.add(Expr::Name(sym, self.scope), place(text.span())));
                }
            }
            parts.push(value);
        }
        let end = parts.iter().map(|part| self.span_of(*part).1).max().unwrap_or(span.1);
        let whole = (span.0, end.max(span.1));
        if name == "format" {
            return self.format(&parts, whole);
        }
        if name == "vec" {
            return self.add(Expr::List(parts.into()), whole);
        }
        let sym = self.unit.sym(&format!("{name}!"));
        let callee = self.add(Expr::Name(sym, self.scope), span);
        let args = parts.into_iter().map(positional).collect();
        self.add(Expr::Call { callee, args, new: false }, whole)
    }

    /// The blocks of a `cfg_if!` inside a function: each may be what is built.
    fn alternatives(&mut self, tokens: &TokenStream, span: (u32, u32)) -> ExprId {
        let mut sides = Vec::new();
        for token in tokens.clone() {
            let TokenTree::Group(group) = &token else { continue };
            if group.delimiter() == Delimiter::Brace
                && let Ok(block) = syn::parse2::<syn::Block>(token.into())
            {
                sides.extend(self.block(&block));
            }
        }
        self.add(Expr::OneOf(sides.into()), span)
    }

    /// A macro of the project, as a function: what it makes of its arguments stands where it is called.
    pub(super) fn own_macro(&mut self, name: &proc_macro2::Ident, tokens: &TokenStream) {
        let sym = self.unit.sym(&format!("{name}!"));
        let groups = tokens.clone().into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        });
        let groups: Vec<proc_macro2::Group> = groups.take(256).collect();
        for rule in groups.chunks_exact(2) {
            let [pattern, body] = rule else { continue };
            let inside = plain(body.stream(), 0).into_iter().collect();
            let block: TokenStream = TokenTree::Group(proc_macro2::Group::new(Delimiter::Brace, inside)).into();
            let is_chosen = chooses(&body.stream(), 0);
            let Some(block) = syn::parse2::<syn::Block>(block).ok().filter(|_| !is_chosen) else {
                if waits(&body.stream(), 0) {
                    let reason = format!("the macro {name} is not understood").into();
                    self.unit.opaque.push((reason, place(name.span())));
                }
                continue;
            };
            let id = index(self.unit.functions.len());
            let name = name.to_string().into();
            self.unit.functions.push(Function { name, parent: self.owner, ..Function::default() });
            self.unit.bind(self.home, sym, Binding::Function(id));
            let before = (self.owner, self.scope);
            (self.owner, self.scope) = (id, self.unit.scope(self.scope));
            for param in parameters(pattern.stream(), 0) {
                self.named_parameter(id, &param);
            }
            let tail = self.block(&block);
            self.unit.functions[id as usize].returns.extend(tail);
            (self.owner, self.scope) = before;
        }
    }

    /// A macro call among items or statements that is no expression: the items that it holds, or what it names.
    pub(super) fn item_macro(&mut self, call: &Macro) {
        let held = held(&call.tokens);
        if held.is_empty() {
            return self.generated(&call.tokens);
        }
        for items in &held {
            self.declare(items);
        }
        for items in &held {
            self.items(items);
        }
    }

    /// What a macro makes of its arguments is not known. What they name it may use; a name that is given a type is
    /// something that gives such a value: `client = aws_sdk_s3::Client`, `client() -> aws_sdk_s3::Client`.
    fn generated(&mut self, tokens: &TokenStream) {
        for argument in split(tokens.clone()) {
            if let Some((name, of)) = declared(&argument) {
                let typed = self.typed(&of);
                let id = index(self.unit.functions.len());
                let parent = self.owner;
                self.unit.functions.push(Function {
                    name: name.to_string().into(),
                    parent,
                    returns: vec![typed],
                    ..Function::default()
                });
                let sym = self.ident(&name);
                self.unit.bind(self.scope, sym, Binding::Function(id));
                continue;
            }
            match one(argument.clone()) {
                Some(value) => drop(self.expr(&value, None)),
                None => self.names(&argument.into_iter().collect(), 0),
            }
        }
    }

    fn names(&mut self, tokens: &TokenStream, depth: u32) {
        for token in tokens.clone().into_iter().take(2_000) {
            match token {
                TokenTree::Ident(name) => {
                    let sym = self.ident(&name);
                    self.add(Expr::Name(sym, self.scope), place(name.span()));
                }
                TokenTree::Group(group) if depth < 20 => self.names(&group.stream(), depth + 1),
                _ => {}
            }
        }
    }

    /// `format!("a/{}", x)`: what is known is the text before the first hole.
    fn format(&mut self, parts: &[ExprId], span: (u32, u32)) -> ExprId {
        let text = parts.iter().find_map(|part| match self.unit.expr(*part) {
            Expr::Text(text) => Some(text.clone()),
            _ => None,
        });
        let Some(text) = text else { return self.add(Expr::Unknown, span) };
        let Some((known, rest)) = text.split_once('{') else {
            return self.add(Expr::Text(text), span);
        };
        let mut joined = vec![self.add(Expr::Text(known.into()), span)];
        joined.extend(parts.iter().filter(|part| !matches!(self.unit.expr(**part), Expr::Text(_))));
        if !rest.ends_with('}') || rest.contains('{') {
            joined.push(self.add(Expr::Unknown, span));
        }
        self.add(Expr::Join(joined.into()), span)
    }
}

/// The names that a macro's pattern gives its arguments, in their order.
fn parameters(pattern: TokenStream, depth: u32) -> Vec<proc_macro2::Ident> {
    let mut found = Vec::new();
    let mut is_marked = false;
    for token in pattern {
        match &token {
            TokenTree::Ident(name) if is_marked => found.push(name.clone()),
            TokenTree::Group(group) if depth < 16 => found.extend(parameters(group.stream(), depth + 1)),
            _ => {}
        }
        is_marked = is_dollar(&token);
    }
    found
}

/// What a macro makes, with its arguments as plain names and what it repeats once.
fn plain(body: TokenStream, depth: u32) -> Vec<TokenTree> {
    let mut found = Vec::new();
    let mut tokens = body.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            token if is_dollar(&token) => {
                let Some(TokenTree::Group(repeated)) = tokens.next_if(|next| matches!(next, TokenTree::Group(_)))
                else {
                    continue;
                };
                found.extend(if depth < 16 { plain(repeated.stream(), depth + 1) } else { Vec::new() });
                // Its separator and how often it stands.
                let is_count =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(p) if matches!(p.as_char(), '*' | '+' | '?'));
                let separator = tokens.next_if(|next| matches!(next, TokenTree::Punct(_)));
                if separator.is_some_and(|separator| !is_count(&separator)) {
                    tokens.next_if(is_count);
                }
            }
            TokenTree::Group(group) if depth < 16 => {
                let inside = plain(group.stream(), depth + 1).into_iter().collect();
                let mut plain = proc_macro2::Group::new(group.delimiter(), inside);
                plain.set_span(group.span());
                found.push(TokenTree::Group(plain));
            }
            token => found.push(token),
        }
    }
    found
}

fn is_dollar(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$')
}

/// Whether a method is named by an argument: `$client.$operation()`.
fn chooses(tokens: &TokenStream, depth: u32) -> bool {
    let mut is_member = false;
    tokens.clone().into_iter().any(|token| {
        let is_chosen = is_member && is_dollar(&token);
        is_member = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
        is_chosen || matches!(&token, TokenTree::Group(group) if depth < 16 && chooses(&group.stream(), depth + 1))
    })
}

/// Whether something is awaited or sent: what SDKs call is.
fn waits(tokens: &TokenStream, depth: u32) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "await" || name == "send",
        TokenTree::Group(group) => depth < 16 && waits(&group.stream(), depth + 1),
        _ => false,
    })
}

/// The arguments between commas; where one is no expression (`%x`, `key = value`), what is behind its mark.
fn arguments(tokens: TokenStream) -> Vec<syn::Expr> {
    let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
    if let Ok(parsed) = parser.parse2(tokens.clone()) {
        return parsed.into_iter().collect();
    }
    split(tokens)
        .into_iter()
        .flat_map(|argument| one(argument.clone()).map_or_else(|| arms(argument), |one| vec![one]))
        .collect()
}

/// The expressions of `pattern = future => value` (`select!`); arms that end in braces need no comma.
fn arms(tokens: Vec<TokenTree>) -> Vec<syn::Expr> {
    let mark = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => Some((punct.as_char(), punct.spacing())),
        _ => None,
    };
    let is_arrow = |pair: &[TokenTree]| {
        mark(&pair[0]) == Some(('=', proc_macro2::Spacing::Joint)) && mark(&pair[1]).is_some_and(|(end, _)| end == '>')
    };
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some(arrow) = rest.windows(2).position(is_arrow) {
        let (before, after) = rest.split_at(arrow);
        let given = before.iter().position(|token| mark(token) == Some(('=', proc_macro2::Spacing::Alone)));
        found.extend(one(before.get(given.map_or(0, |given| given + 1)..).unwrap_or_default().to_vec()));
        let after = after.get(2..).unwrap_or_default();
        let is_block = matches!(after.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
        let (value, next) = after.split_at(if is_block { 1 } else { after.len() });
        found.extend(one(value.to_vec()));
        rest = next;
    }
    found
}

/// The tokens between commas, without the marks of tracing.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut found = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    for token in tokens.into_iter().take(10_000) {
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => found.push(std::mem::take(&mut current)),
            TokenTree::Punct(punct) if matches!(punct.as_char(), '%' | '?') && current.is_empty() => {}
            TokenTree::Punct(punct) if is_label(punct, &current) => current.clear(),
            _ => current.push(token),
        }
    }
    found.push(current);
    found.retain(|argument| !argument.is_empty());
    found
}

/// Whether a colon ends a label: it is not the first of two.
fn is_label(punct: &proc_macro2::Punct, before: &[TokenTree]) -> bool {
    punct.as_char() == ':' && punct.spacing() == proc_macro2::Spacing::Alone && before.len() == 1
}

/// A name that a macro's argument gives a type to: `name = Type`, `name() -> Type`.
fn declared(argument: &[TokenTree]) -> Option<(proc_macro2::Ident, syn::Type)> {
    let (TokenTree::Ident(name), rest) = argument.split_first()? else { return None };
    let is = |token: Option<&TokenTree>, mark: char| matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == mark);
    let of = match rest {
        [TokenTree::Punct(mark), of @ ..] if mark.as_char() == '=' => of,
        [TokenTree::Group(group), of @ ..]
            if group.stream().is_empty() && is(of.first(), '-') && is(of.get(1), '>') =>
        {
            of.get(2..)?
        }
        _ => return None,
    };
    let of: syn::Type = syn::parse2(of.iter().cloned().collect()).ok()?;
    let is_type = match &of {
        syn::Type::Path(path) => {
            let last = path.path.segments.last()?.ident.to_string();
            path.path.segments.len() > 1 && last.starts_with(|first: char| first.is_ascii_uppercase())
        }
        _ => false,
    };
    is_type.then(|| (name.clone(), of))
}

/// The items that a macro is given: all of its tokens (`lazy_static!`), or those of its braces (`cfg_if!`).
fn held(tokens: &TokenStream) -> Vec<Vec<syn::Item>> {
    let items = |tokens: TokenStream| syn::parse2::<syn::File>(tokens).ok().map(|file| file.items);
    let is_word = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(name) if *name == word);
    let mut plain: Vec<TokenTree> = Vec::new();
    for token in tokens.clone() {
        // `static ref NAME: Type = value;`
        if !(is_word(&token, "ref") && plain.last().is_some_and(|last| is_word(last, "static"))) {
            plain.push(token);
        }
    }
    let first = plain.first().cloned();
    if let Some(whole) = items(plain.into_iter().collect()).filter(|items| !items.is_empty()) {
        return vec![whole];
    }
    if !first.is_some_and(|token| is_word(&token, "if")) {
        return Vec::new();
    }
    let braces = tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => items(group.stream()),
        _ => None,
    });
    braces.filter(|items| !items.is_empty()).collect()
}

fn one(tokens: Vec<TokenTree>) -> Option<syn::Expr> {
    if tokens.is_empty() {
        return None;
    }
    // `name = ?value` of tracing.
    let sigil =
        tokens.iter().rposition(|token| matches!(token, TokenTree::Punct(p) if matches!(p.as_char(), '%' | '?')));
    let whole: TokenStream = tokens.iter().cloned().collect();
    syn::parse2(whole).ok().or_else(|| {
        let rest = tokens.get(sigil? + 1..)?;
        syn::parse2(rest.iter().cloned().collect()).ok()
    })
}

/// The names in a format string's holes: `{event:?}`.
fn captured(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for hole in text.replace("{{", "").split('{').skip(1) {
        let name = hole.split(['}', ':']).next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            found.push(name.to_owned());
        }
    }
    found
}
