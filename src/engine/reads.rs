//! The paths that a policy reads below `resource`, and the policy within bounds where some of them are not known.

use cedar_policy::pst::{BinaryOp, Clause, Expr, Literal, Policy as Pst, SmolStr, StaticPolicy, UnaryOp, Var};
use cedar_policy::{Policy, PolicySet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    /// An attribute.
    Attribute(SmolStr),
    /// A tag, by its name.
    Tag(SmolStr),
    /// Some tag, by a name that is computed.
    AnyTag,
    /// A string in a set.
    Item(SmolStr),
}

impl Step {
    /// The name of an attribute.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Attribute(name) => Some(name),
            Self::Tag(_) | Self::AnyTag | Self::Item(_) => None,
        }
    }
}

/// A path below `resource`.
pub(super) type Path = Vec<Step>;

/// A `has` in a policy.
#[derive(Debug, Clone)]
pub(super) struct Has {
    /// What it is asked of; `None` where that is no path below a variable.
    pub(super) of: Option<Path>,
    /// The attributes that it names.
    pub(super) attributes: Vec<SmolStr>,
}

/// What a policy reads.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads {
    /// The paths whose values it uses, each as far as it goes, in the order of the text, each once.
    pub(super) values: Vec<Path>,
    /// The paths, and those before them, whose presence it asks for.
    pub(super) presence: BTreeSet<Path>,
    /// Every `has` on the resource, in the order of the text.
    pub(super) has: Vec<Has>,
    /// The entity types that it asks for with `is`.
    pub(super) kinds: BTreeSet<String>,
    /// The path that it names last.
    pub(super) last: Path,
}

/// What is known of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum State {
    /// All that the policy asks of it, also that it is not there.
    Known,
    /// That it is there.
    Value,
    /// Nothing.
    Presence,
}

/// What is known of a path: of all below it, or of what it leads to itself.
pub(super) type States<'a> = dyn Fn(&Path, bool) -> State + 'a;

/// A policy that fires only where it is certain to, and one that fires wherever it can.
#[derive(Debug)]
pub(super) struct Bounds {
    pub(super) lower: PolicySet,
    pub(super) upper: PolicySet,
}

impl Reads {
    /// Of a policy.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut reads = Self::default();
        if let Ok(Pst::Static(policy)) = policy.to_pst() {
            for Clause::When(expr) | Clause::Unless(expr) in policy.body().clauses() {
                reads.visit(expr);
            }
        }
        reads
    }

    /// Of an expression in a message.
    pub(super) fn of_expression(expression: &str) -> Self {
        let text = format!("forbid (principal, action, resource) when {{ [{expression}] == [{expression}] }};");
        Policy::parse(None, text).map_or_else(|_| Self::default(), |policy| Self::of(&policy))
    }

    /// Every path that matters, and whether all below it does.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&Path, bool)> {
        self.values.iter().map(|path| (path, true)).chain(self.presence.iter().map(|path| (path, false)))
    }

    fn visit(&mut self, expr: &Expr) {
        if let Some(path) = path(expr) {
            if path.is_empty() {
                return;
            }
            self.last.clone_from(&path);
            if !self.values.contains(&path) {
                self.values.push(path);
            }
            return;
        }
        match expr {
            Expr::HasAttr { expr, attrs } => {
                let of = path(expr);
                if let Some(of) = &of {
                    for end in 1..=attrs.len() {
                        let steps = attrs.iter().take(end).map(|name| Step::Attribute(name.clone()));
                        self.last = of.iter().cloned().chain(steps).collect();
                        self.presence.insert(self.last.clone());
                    }
                } else {
                    self.visit(expr);
                }
                if of.is_some() || !is_elsewhere(expr) {
                    self.has.push(Has { of, attributes: attrs.iter().cloned().collect() });
                }
            }
            Expr::BinaryOp { op: BinaryOp::HasTag, left, right } => {
                match path(left) {
                    Some(mut path) => {
                        path.push(tag(right));
                        self.presence.insert(path);
                    }
                    None => self.visit(left),
                }
                self.visit(right);
            }
            Expr::BinaryOp { op: BinaryOp::Contains, left, right } if let Some(path) = in_set(left, right) => {
                self.last = path.clone();
                self.presence.insert(path);
            }
            Expr::Is { expr, entity_type, in_expr } => {
                if matches!(&**expr, Expr::Var(Var::Resource)) {
                    self.kinds.insert(entity_type.to_string());
                }
                self.visit(expr);
                in_expr.iter().for_each(|inner| self.visit(inner));
            }
            other => children(other).into_iter().for_each(|child| self.visit(child)),
        }
    }
}

/// The policy within bounds, where `state` says that not everything is known.
pub(super) fn bounds(policy: &Policy, state: &States<'_>) -> Option<Bounds> {
    let set = |upper: bool| {
        let bounded = bounded(&policy.to_pst().ok()?, upper, state)?;
        let mut set = PolicySet::new();
        set.add(Policy::from_pst(bounded).ok()?).ok()?;
        Some(set)
    };
    Some(Bounds { lower: set(false)?, upper: set(true)? })
}

fn bounded(policy: &Pst, upper: bool, state: &States<'_>) -> Option<Pst> {
    let Pst::Static(policy) = policy else { return None };
    let bound = Bound { state };
    let clause = |clause: &Clause| match clause {
        Clause::When(expr) => Clause::When(bound.condition(expr, upper)),
        Clause::Unless(expr) => Clause::Unless(bound.condition(expr, !upper)),
    };
    let clauses: Vec<Clause> = policy.body().clauses().iter().map(clause).collect();
    let body = policy.body().clone().try_with_clauses(clauses).ok()?;
    Some(Pst::Static(StaticPolicy::try_from(body).ok()?))
}

struct Bound<'a> {
    state: &'a States<'a>,
}

impl Bound<'_> {
    /// A condition that holds at least where this one does (`upper`), or at most.
    fn condition(&self, expr: &Arc<Expr>, upper: bool) -> Arc<Expr> {
        match &**expr {
            Expr::BinaryOp { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
                let (left, right) = (self.condition(left, upper), self.condition(right, upper));
                Arc::new(Expr::BinaryOp { op: *op, left, right })
            }
            Expr::UnaryOp { op: UnaryOp::Not, expr } => {
                Arc::new(Expr::UnaryOp { op: UnaryOp::Not, expr: self.condition(expr, !upper) })
            }
            // A condition in a condition would be written out twice at each level.
            Expr::IfThenElse { cond, .. } if self.is_open(cond) && has_choice(cond) => {
                Arc::new(Expr::Literal(Literal::Bool(upper)))
            }
            Expr::IfThenElse { cond, then_expr, else_expr } if self.is_open(cond) => {
                // Either branch may be taken: (c && then) || (!c && else), each c within its own bound.
                let holds = self.condition(cond, upper);
                let fails = Arc::new(Expr::UnaryOp { op: UnaryOp::Not, expr: self.condition(cond, !upper) });
                let (then, otherwise) = (self.condition(then_expr, upper), self.condition(else_expr, upper));
                let taken = or(and(holds, then.clone()), and(fails, otherwise.clone()));
                // What both say holds whichever is taken.
                if upper { taken } else { or(taken, and(otherwise, then)) }
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => Arc::new(Expr::IfThenElse {
                cond: cond.clone(),
                then_expr: self.condition(then_expr, upper),
                else_expr: self.condition(else_expr, upper),
            }),
            Expr::HasAttr { expr: of, attrs } => {
                let attributes: Vec<SmolStr> = attrs.iter().cloned().collect();
                self.presence(expr, path(of), attributes.into_iter().map(Step::Attribute).collect(), upper)
            }
            Expr::BinaryOp { op: BinaryOp::HasTag, left, right } if !self.is_open(right) => {
                self.presence(expr, path(left), vec![tag(right)], upper)
            }
            Expr::BinaryOp { op: BinaryOp::Contains, left, right } if let Some(mut steps) = in_set(left, right) => {
                let item = steps.split_off(steps.len().saturating_sub(1));
                self.presence(expr, Some(steps), item, upper)
            }
            _ if self.is_open(expr) => Arc::new(Expr::Literal(Literal::Bool(upper))),
            _ => expr.clone(),
        }
    }

    /// A `has` or `hasTag`: decided by the first step that is not known.
    fn presence(&self, asked: &Arc<Expr>, of: Option<Path>, steps: Vec<Step>, upper: bool) -> Arc<Expr> {
        let Some(mut path) = of else {
            let open = self.is_open(asked);
            return if open { Arc::new(Expr::Literal(Literal::Bool(upper))) } else { asked.clone() };
        };
        // Of a set with an unknown item, which itself is not known, the item that is asked for may be.
        let in_set = matches!(steps.as_slice(), [Step::Item(_)]);
        if !in_set && !path.is_empty() && (self.state)(&path, false) != State::Known {
            return Arc::new(Expr::Literal(Literal::Bool(upper)));
        }
        let last = steps.len();
        for (index, step) in steps.into_iter().enumerate() {
            path.push(step);
            match (self.state)(&path, false) {
                State::Known => {}
                State::Value if index + 1 == last => return Arc::new(Expr::Literal(Literal::Bool(true))),
                State::Value | State::Presence => return Arc::new(Expr::Literal(Literal::Bool(upper))),
            }
        }
        asked.clone()
    }

    /// Whether an expression uses a value that is not known.
    fn is_open(&self, expr: &Expr) -> bool {
        let mut reads = Reads::default();
        reads.visit(expr);
        let is_known = |path: &Path, whole: bool| (self.state)(path, whole) == State::Known;
        !reads.values.iter().all(|path| is_known(path, true))
            || !reads.presence.iter().all(|path| is_known(path, false))
    }
}

fn or(left: Arc<Expr>, right: Arc<Expr>) -> Arc<Expr> {
    Arc::new(Expr::BinaryOp { op: BinaryOp::Or, left, right })
}

fn has_choice(expr: &Expr) -> bool {
    matches!(expr, Expr::IfThenElse { .. }) || children(expr).into_iter().any(has_choice)
}

fn and(left: Arc<Expr>, right: Arc<Expr>) -> Arc<Expr> {
    Arc::new(Expr::BinaryOp { op: BinaryOp::And, left, right })
}

/// The path below `resource` that an expression is; empty for `resource` itself.
fn path(expr: &Expr) -> Option<Path> {
    match expr {
        Expr::Var(Var::Resource) => Some(Vec::new()),
        Expr::GetAttr { expr, attr } => {
            let mut path = path(expr)?;
            path.push(Step::Attribute(attr.clone()));
            Some(path)
        }
        Expr::BinaryOp { op: BinaryOp::GetTag, left, right } => {
            let mut path = path(left)?;
            path.push(tag(right));
            Some(path)
        }
        _ => None,
    }
}

/// The path of a string in a set, `resource.Names.contains("x")`.
fn in_set(set: &Expr, item: &Expr) -> Option<Path> {
    let mut path = path(set).filter(|path| !path.is_empty())?;
    let Expr::Literal(Literal::String(item)) = item else { return None };
    path.push(Step::Item(item.clone()));
    Some(path)
}

fn tag(name: &Expr) -> Step {
    match name {
        Expr::Literal(Literal::String(name)) => Step::Tag(name.clone()),
        _ => Step::AnyTag,
    }
}

/// Whether an expression is below another variable than `resource`.
fn is_elsewhere(expr: &Expr) -> bool {
    match expr {
        Expr::Var(var) => *var != Var::Resource,
        Expr::GetAttr { expr, .. } => is_elsewhere(expr),
        _ => false,
    }
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => vec![expr],
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Is { expr, in_expr, .. } => std::iter::once(&**expr).chain(in_expr.as_deref()).collect(),
        Expr::IfThenElse { cond, then_expr, else_expr } => vec![cond, then_expr, else_expr],
        Expr::Set(items) => items.iter().map(|item| &**item).collect(),
        Expr::Record(members) => members.values().map(|member| &**member).collect(),
        _ => Vec::new(),
    }
}
