//! Go statements.

use crate::code::lower::Lowering;
use crate::code::unit::{Binding, Expr, ExprId, ScopeId, Sym};
use tree_sitter::Node;

/// In how many scopes a name is declared anew in one of its own: every name is looked up through all of them.
const MAX_NESTED: usize = 100;

impl<'t> Lowering<'t> {
    /// Reads a node in a scope of its own.
    fn go_scoped(&mut self, read: impl FnOnce(&mut Self)) {
        let before = self.scope;
        self.scope = self.unit.scope(before);
        read(self);
        self.scope = before;
    }

    /// The statements inside a node.
    fn go_statements(&mut self, node: Node<'t>) {
        for (_, child) in self.children(node) {
            self.go_statement(child);
        }
    }

    /// A statement, or a declaration.
    pub(super) fn go_statement(&mut self, node: Node<'t>) {
        self.deeper(node, |this| {
            this.go_one_statement(node);
            0
        });
    }

    fn go_one_statement(&mut self, node: Node<'t>) {
        match node.kind() {
            "block"
            | "if_statement"
            | "expression_case"
            | "default_case"
            | "expression_switch_statement"
            | "select_statement" => self.go_scoped(|this| this.go_statements(node)),
            "statement_list" | "labeled_statement" | "for_clause" | "ERROR" | "var_spec_list" => {
                self.go_statements(node);
            }
            "var_declaration" | "const_declaration" | "type_declaration" => self.go_statements(node),
            "type_spec" | "type_alias" => self.go_type_spec(node),
            "var_spec" | "const_spec" => self.go_var(node),
            "short_var_declaration" => self.go_short_var(node),
            "assignment_statement" => self.go_assignment(node),
            "return_statement" => self.go_return(node),
            "for_statement" => self.go_scoped(|this| {
                for (_, child) in this.children(node) {
                    if child.kind() == "range_clause" { this.go_range(child) } else { this.go_statement(child) }
                }
            }),
            "type_switch_statement" => self.go_type_switch(node),
            "communication_case" => self.go_scoped(|this| this.go_statements(node)),
            "receive_statement" => {
                // `<-jobs` is an element by itself.
                let right = node.child_by_field_name("right").map(|right| self.go(right, None));
                let left = node.child_by_field_name("left");
                if let (Some(left), Some(value)) = (left, right) {
                    self.go_bind_all(left, &[value], true);
                }
            }
            "label_name"
            | "empty_statement"
            | "break_statement"
            | "continue_statement"
            | "goto_statement"
            | "fallthrough_statement"
            | "comment" => {}
            "expression_statement"
            | "go_statement"
            | "defer_statement"
            | "send_statement"
            | "inc_statement"
            | "dec_statement" => {
                for (_, child) in self.children(node) {
                    self.go(child, None);
                }
            }
            _ => {
                self.go(node, None);
            }
        }
    }

    /// `var a, b T = x, y`, `const a = x`.
    fn go_var(&mut self, node: Node<'t>) {
        let names = self.named(node, "name");
        let annotation = node.child_by_field_name("type").map(|of| (self.go_type(of), of));
        let first = names.first().map(|name| self.sym(*name));
        let values = node.child_by_field_name("value").map(|list| self.go_list(list, first));
        let scope = self.go_home();
        for name in &names {
            let sym = self.sym(*name);
            if let Some((annotation, of)) = annotation {
                let typed = self.add(Expr::Typed(annotation), of);
                self.unit.bind(scope, sym, Binding::Value(typed));
            }
            // Declared here, given a value later: assignments find this scope.
            self.unit.scopes[scope as usize].names.entry(sym).or_default();
        }
        if let Some(values) = values {
            let parts = self.go_parts(&values, names.len());
            for (name, value) in names.into_iter().zip(parts) {
                let sym = self.sym(name);
                self.unit.bind(scope, sym, Binding::Value(value));
            }
        }
    }

    /// The scope that a declaration here binds in: at the top of a file the package's.
    fn go_home(&self) -> ScopeId {
        if self.scope == super::FILE { 0 } else { self.scope }
    }

    /// The expressions of a list; literals in the first are given to a name.
    fn go_list(&mut self, node: Node<'t>, name: Option<Sym>) -> Vec<ExprId> {
        if node.kind() != "expression_list" {
            return vec![self.go(node, name)];
        }
        let items = self.children(node);
        items.into_iter().enumerate().map(|(at, (_, item))| self.go(item, name.filter(|_| at == 0))).collect()
    }

    /// The values for so many names: one for each, or the parts of the only one.
    fn go_parts(&mut self, values: &[ExprId], count: usize) -> Vec<ExprId> {
        let [only] = values else { return values.to_vec() };
        if count < 2 {
            return values.to_vec();
        }
        if !matches!(self.unit.expr(*only), Expr::Call { .. }) {
            // `v, ok := m[k]`, `v, ok := x.(T)`
            return vec![*only];
        }
        let span = self.unit.spans.get(*only as usize).copied().unwrap_or_default();
        (0..count).map(|at| self.unit.add(Expr::Part(*only, crate::code::unit::index(at)), span, self.owner)).collect()
    }

    fn go_short_var(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let first = self.unit.exprs.len();
        let values = self.go_named_values(left, right);
        // The scope of a name begins behind its declaration: in `orders := orders.New()` the second is another one.
        let names: Vec<Sym> = self.children(left).into_iter().map(|(_, name)| self.sym(name)).collect();
        let is_one = |expr: &Expr| matches!(expr, Expr::Name(name, _) if names.contains(name));
        if self.unit.exprs.iter().skip(first).any(is_one) && self.go_nested() < MAX_NESTED {
            self.scope = self.unit.scope(self.scope);
        }
        self.go_bind_all(left, &values, true);
    }

    /// How many scopes stand around this one.
    fn go_nested(&self) -> usize {
        let parent = |scope: &ScopeId| self.unit.scopes.get(*scope as usize).and_then(|scope| scope.parent);
        std::iter::successors(Some(self.scope), parent).count()
    }

    /// The values of an assignment; each literal is given to the name beside it.
    fn go_named_values(&mut self, left: Node<'t>, right: Node<'t>) -> Vec<ExprId> {
        let targets = self.children(left);
        let names: Vec<Option<Sym>> = targets
            .iter()
            .map(|(_, target)| match target.kind() {
                "identifier" => Some(self.sym(*target)),
                "selector_expression" => target.child_by_field_name("field").map(|field| self.sym(field)),
                _ => None,
            })
            .collect();
        let items = self.children(right);
        items.into_iter().enumerate().map(|(at, (_, item))| self.go(item, names.get(at).copied().flatten())).collect()
    }

    /// Gives values to what stands left of an assignment.
    fn go_bind_all(&mut self, left: Node<'t>, values: &[ExprId], declares: bool) {
        let targets = self.children(left);
        let parts = self.go_parts(values, targets.len());
        for ((_, target), value) in targets.into_iter().zip(parts) {
            match target.kind() {
                "identifier" if self.text(target) == "_" => {}
                "identifier" => {
                    let name = self.sym(target);
                    let scope = if declares { self.scope } else { self.go_declared(name) };
                    self.unit.bind(scope, name, Binding::Value(value));
                }
                _ => {
                    let target_id = self.go(target, None);
                    self.unit.stores.push((target_id, value));
                    if target.kind() == "index_expression" {
                        self.go_put(target_id, value, target);
                    }
                }
            }
        }
    }

    /// `m[k] = v`: what m is holds v too.
    fn go_put(&mut self, target: ExprId, value: ExprId, node: Node<'t>) {
        let Expr::Index(object, _) = *self.unit.expr(target) else { return };
        let held = self.add(Expr::List(Box::new([value])), node);
        match *self.unit.expr(object) {
            Expr::Name(name, _) => {
                let scope = self.go_declared(name);
                self.unit.bind(scope, name, Binding::Value(held));
            }
            Expr::Member(..) => self.unit.stores.push((object, held)),
            _ => {}
        }
    }

    /// The scope that a variable is declared in; the package's where no other is.
    fn go_declared(&self, name: Sym) -> ScopeId {
        let mut scope = Some(self.scope);
        while let Some(at) = scope {
            let Some(here) = self.unit.scopes.get(at as usize) else { break };
            if here.names.contains_key(&name) {
                return at;
            }
            scope = here.parent;
        }
        0
    }

    fn go_assignment(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let plain = node.child_by_field_name("operator").is_some_and(|operator| self.text(operator) == "=");
        let values = self.go_named_values(left, right);
        if plain {
            self.go_bind_all(left, &values, false);
        }
    }

    fn go_return(&mut self, node: Node<'t>) {
        let Some((_, list)) = self.children(node).into_iter().next() else { return };
        let values = self.go_list(list, None);
        let value = match values.as_slice() {
            [only] => *only,
            _ => self.add(Expr::List(values.into()), list),
        };
        self.unit.functions[self.owner as usize].returns.push(value);
    }

    /// `for i, x := range xs`
    fn go_range(&mut self, node: Node<'t>) {
        let Some(right) = node.child_by_field_name("right") else { return };
        let value = self.go(right, None);
        let Some(left) = node.child_by_field_name("left") else { return };
        // The first name is the index or key; of a channel it is the element itself.
        let values = if self.children(left).len() == 1 {
            vec![self.add(Expr::Received(value), right)]
        } else {
            let (index, element) = (self.add(Expr::Unknown, right), self.add(Expr::Element(value), right));
            vec![index, element]
        };
        self.go_bind_all(left, &values, true);
    }

    /// `switch x := v.(type)`: in a case with one type the name is a value of that type.
    fn go_type_switch(&mut self, node: Node<'t>) {
        self.go_scoped(|this| {
            let value = node.child_by_field_name("value").map(|value| this.go(value, None));
            let alias = node.child_by_field_name("alias").and_then(|list| list.named_child(0));
            let alias = alias.map(|alias| this.sym(alias));
            for (_, case) in this.children(node) {
                if !matches!(case.kind(), "type_case" | "default_case") {
                    continue;
                }
                this.go_scoped(|this| {
                    let types = this.named(case, "type");
                    if let Some(alias) = alias {
                        let bound = match types.as_slice() {
                            [only] => {
                                let of = this.go_type(*only);
                                Some(this.add(Expr::Typed(of), *only))
                            }
                            _ => value,
                        };
                        bound.into_iter().for_each(|bound| this.bind(alias, Binding::Value(bound)));
                    }
                    for (field, child) in this.children(case) {
                        if field != "type" {
                            this.go_statement(child);
                        }
                    }
                });
            }
        });
    }
}
