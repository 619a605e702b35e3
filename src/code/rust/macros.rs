//! Rust macros: their arguments read as expressions, and what their format strings name.

use super::{RustLowering, place};
use crate::code::lower::positional;
use crate::code::unit::{Expr, ExprId};
use proc_macro2::{TokenStream, TokenTree};
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
        let sym = self.unit.sym(&format!("{name}!"));
        let callee = self.add(Expr::Name(sym, self.scope), span);
        let args = parts.into_iter().map(positional).collect();
        self.add(Expr::Call { callee, args, new: false }, whole)
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

/// The arguments between commas; where one is no expression (`%x`, `key = value`), what is behind its mark.
fn arguments(tokens: TokenStream) -> Vec<syn::Expr> {
    let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
    if let Ok(parsed) = parser.parse2(tokens.clone()) {
        return parsed.into_iter().collect();
    }
    let mut found = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    for token in tokens.into_iter().take(10_000) {
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {
                found.extend(one(std::mem::take(&mut current)));
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), '%' | '?') && current.is_empty() => {}
            TokenTree::Punct(punct) if punct.as_char() == ':' && current.len() == 1 => current.clear(),
            _ => current.push(token),
        }
    }
    found.extend(one(current));
    found
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
