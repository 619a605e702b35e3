//! The known ways that a principal has from its rights to more.

use super::found::{Gain, May};
use super::may::{Request, covers};
use super::settle;
use super::world::World;
use crate::fact::target;
use crate::iam::arn::Arn;
use crate::iam::escalation::{On, Step, Target, Technique, techniques};
use crate::iam::evaluate::Context;
use crate::iam::text::Text;
use crate::iam::{action, glob};
use crate::source::Span;
use crate::syntax::{Part, Unknown, UnknownKind};

/// What a principal comes to on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::fact) enum To {
    /// Every right: it gives itself what it likes.
    Everything,
    /// The rights of another.
    Principal(usize),
}

/// A way that a principal has.
#[derive(Debug, Clone)]
pub(in crate::fact) struct Way {
    pub(in crate::fact) technique: &'static Technique,
    pub(in crate::fact) to: To,
    /// What it leads over, where that is not what it comes to: a function, a policy, another role.
    pub(in crate::fact) over: Option<(Span, String)>,
    /// How, and why that is not certain.
    pub(in crate::fact) may: May,
    /// An action that is gained, and the statement that allows it.
    pub(in crate::fact) gain: Option<(String, Span)>,
}

/// What came of looking for a way.
#[derive(Debug, Default)]
pub(in crate::fact) struct Found {
    pub(in crate::fact) ways: Vec<Way>,
    /// Why it cannot be told whether there are others: over what is not in the project.
    pub(in crate::fact) unseen: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fact) enum Goal {
    /// One way by which the principal gains something, the surest.
    Gain,
    /// Every way to every other principal, gain or not.
    All,
}

/// The ways of a principal by one technique after another; those that it has none by are left out.
pub(in crate::fact) fn ways(world: &World<'_>, who: usize, goal: Goal) -> Vec<(&'static Technique, Found)> {
    let Some(principal) = world.principals.get(who) else { return Vec::new() };
    // That a role may be assumed is for its trust to say too, and a role that names one needs no more.
    let named = |step: &Step| step.action == "sts:AssumeRole" || principal.may_name(step.action);
    let open = || techniques().iter().filter(|technique| technique.steps.iter().all(named));
    let is_own = |technique: &Technique| matches!(technique.target, Target::Grant(_) | Target::AllIam);
    let look = |technique: &'static Technique| (technique, Looking { world, who, technique, goal }.look());
    if goal == Goal::All {
        // Who gives himself every right needs no other way.
        let own: Vec<_> = open().filter(|technique| is_own(technique)).map(look).collect();
        if own.iter().any(|(_, found)| found.ways.iter().any(|way| way.may.is_certain() && way.to == To::Everything)) {
            return own.into_iter().filter(|(_, found)| !found.ways.is_empty()).collect();
        }
    }
    let found = open().map(look);
    found.filter(|(_, found)| !found.ways.is_empty() || found.unseen.is_some()).collect()
}

/// A search for ways by one technique.
#[derive(Clone, Copy)]
pub(super) struct Looking<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) who: usize,
    pub(super) technique: &'static Technique,
    pub(super) goal: Goal,
}

/// The steps that do not hang on the target.
#[derive(Debug, Default)]
pub(super) struct Base {
    pub(super) may: May,
    pub(super) unseen: Option<String>,
}

/// The action that a way gains and where it stands, and why it cannot be told for certain.
pub(super) type Gained = (Option<(String, Span)>, Option<String>);

impl Looking<'_, '_> {
    /// Looks for ways.
    fn look(self) -> Found {
        let Some(base) = self.base() else { return Found::default() };
        let mut found = self.over_targets(&base);
        if self.goal == Goal::Gain {
            let open = found.ways.iter().find_map(|way| way.may.open.clone());
            found.ways.retain(|way| way.may.open.is_none());
            found.ways.sort_by_key(|way| (way.may.doubt.is_some(), way.to != To::Everything));
            found.ways.truncate(1);
            found.unseen = open.or(found.unseen);
        }
        match base.unseen {
            // What the way needs besides may not be there.
            Some(unseen) if !found.ways.is_empty() || found.unseen.is_some() => {
                Found { ways: Vec::new(), unseen: Some(unseen) }
            }
            Some(_) => Found::default(),
            None if found.ways.is_empty() => found,
            None => Found { unseen: None, ..found },
        }
    }

    /// The steps beside those on the target; `None` where one of them is not allowed.
    fn base(self) -> Option<Base> {
        let mut base = Base::default();
        let mut marks = Vec::new();
        for step in &self.technique.steps {
            match step.on {
                On::Target | On::Policy => {}
                On::Any if glob::has_wildcard(step.action) => {}
                On::Any => base.may = base.may.and(self.on_anything(step.action)?),
                On::Made(mark) if marks.contains(&mark) => {}
                On::Made(mark) => {
                    marks.push(mark);
                    base.may = base.may.and(self.on_one_thing(mark)?);
                }
                On::There(kind) => {
                    let (may, unseen) = self.on_what_is_there(step.action, kind)?;
                    base.may = base.may.and(may);
                    base.unseen = base.unseen.or(unseen);
                }
            }
        }
        Some(base)
    }

    /// Whether an action is allowed on a resource.
    pub(super) fn on(self, action: &str, on: &Text, context: &Context) -> Option<May> {
        self.world.may(self.who, Request { action, on, context, resource: None })
    }

    /// Whether an action is allowed on any resources that it can be done to; on one of each type that it needs.
    pub(super) fn on_anything(self, action: &str) -> Option<May> {
        self.on_others(action, "")
    }

    /// The same but for the resource of one type, by its ARN.
    pub(super) fn on_others(self, action: &str, but: &str) -> Option<May> {
        let context = Context::default();
        let types = action::named(action).map(action::Action::resource_types).unwrap_or_default();
        // What AWS owns stands beside what the account owns.
        let needed = types.iter().filter(|(kind, needed)| *needed && !kind.arn.contains(":aws:"));
        let needed: Vec<&str> = needed.map(|(kind, _)| kind.arn).collect();
        let on = |arn: &str| self.on(action, &any(&self.world.settled.partition, arn), &context);
        if types.is_empty() {
            return if but.is_empty() {
                self.on(action, &Text::literal("*", self.span()), &context)
            } else {
                Some(May::default())
            };
        }
        if !needed.is_empty() || !but.is_empty() {
            let mut rest = needed.into_iter().filter(|arn| *arn != but);
            return rest.try_fold(May::default(), |may, arn| Some(may.and(on(arn)?)));
        }
        types.iter().filter_map(|(kind, _)| on(kind.arn)).min_by_key(|may| may.doubt.is_some())
    }

    /// Whether all actions of one mark are allowed on one and the same thing.
    fn on_one_thing(self, mark: char) -> Option<May> {
        let steps: Vec<&str> =
            self.technique.steps.iter().filter(|step| step.on == On::Made(mark)).map(|step| step.action).collect();
        if let [only] = steps.as_slice() {
            return self.on_anything(only);
        }
        let principal = self.world.principals.get(self.who)?;
        let mut texts: Vec<Text> = Vec::new();
        for (_, statement) in principal.allowing() {
            if !steps.iter().any(|step| covers(statement, step)) {
                continue;
            }
            let whole = [Text::literal("*", statement.span)];
            for text in if statement.not_resource { &whole[..] } else { &statement.resources } {
                if texts.iter().all(|known| known.parts != text.parts) {
                    texts.push(text.clone());
                }
            }
        }
        let ways = texts.iter().filter_map(|text| {
            steps.iter().try_fold(May::default(), |may, step| Some(may.and(self.on_text(step, text)?)))
        });
        ways.min_by_key(|may| may.doubt.is_some())
    }

    /// Whether an action is allowed on what a policy's text names, as far as that is a resource of the action's.
    fn on_text(self, action: &str, text: &Text) -> Option<May> {
        let service = action.split(':').next().unwrap_or_default();
        let upper = text.upper();
        let known = action::named(action).filter(|action| action.is_scopable());
        match Arn::parse(&upper) {
            _ if glob::is_all(&upper) || known.is_none() => self.on_anything(action),
            Some(arn) if !glob::matches(arn.service, service) => None,
            _ => self.on(action, text, &Context::default()),
        }
    }

    /// Whether an action is allowed on something of a type that is there.
    fn on_what_is_there(self, action: &str, kind: &'static str) -> Option<(May, Option<String>)> {
        let anything = self.on_anything(action)?;
        let world = self.world;
        let fits = |resource| match world.settled.arn(resource) {
            Some(arn) => self.on(action, &arn, &Context::default()),
            None => Some(anything.clone()),
        };
        let there = world.project.of_kind(kind).filter_map(fits).min_by_key(|may| may.doubt.is_some());
        let named = named(kind);
        Some(match there {
            Some(may) => (may, None),
            None if world.whole => {
                (anything.doubted(Some(format!("that there is {named} is not in the export"))), None)
            }
            None => (anything, Some(format!("whether there is {named} in the account is not known"))),
        })
    }

    /// Whether an action is allowed on something that the project does not hold.
    pub(super) fn beyond(self, action: &str, on: &Text, context: &Context) -> bool {
        self.world.may_beyond(self.who, Request { action, on, context, resource: None })
    }

    /// The gain of a way, where that is asked: `None` where there is none.
    pub(super) fn gains(self, gain: impl FnOnce() -> Gain) -> Option<Gained> {
        if self.goal == Goal::All {
            return Some((None, None));
        }
        match gain() {
            Gain::None => None,
            Gain::Perhaps(reason) => Some((None, Some(reason))),
            Gain::Some(action, span) => Some((Some((action, span)), None)),
        }
    }

    pub(super) fn span(self) -> Span {
        self.world.principals.get(self.who).map_or(Span::start_of(crate::source::FileId(0)), |one| one.resource.span)
    }
}

/// Any resource of a type, by its ARN.
pub(super) fn any(partition: &str, arn: &str) -> Text {
    let star = || Part::Literal("*".into());
    let parts = target::fill(arn, &star(), &|_| vec![star()]);
    let filled = parts.into_iter().map(|part| match part {
        Part::Unknown(unknown) if &*unknown.what == "AWS::Partition" => Part::Literal(partition.into()),
        Part::Unknown(_) => star(),
        other => other,
    });
    settle::text(filled.collect(), Span::start_of(crate::source::FileId(0)))
}

/// Some resource of a type that is not known, by the start of its ARN.
pub(super) fn stranger(start: &str, what: &str) -> Text {
    let unknown = Part::Unknown(Unknown::new(UnknownKind::Other, what));
    settle::text(vec![Part::Literal(start.into()), unknown], Span::start_of(crate::source::FileId(0)))
}

/// `AWS::Glue::Job` as words: `a Glue job`.
pub(super) fn named(kind: &str) -> String {
    let mut words = kind.split("::").skip(1);
    let (service, name) = (words.next().unwrap_or_default(), words.next().unwrap_or(kind));
    let mut plain = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(letter.to_lowercase());
    }
    let article = if service.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {service} {plain}")
}
