//! What is not understood of functions' code, so that it is counted and shown and no silence passes for a proof.

use super::needs::Needs;
use crate::finding::{Doubt, Related, Subject, Understood};
use crate::model::{Code, Project, Resource};
use crate::source::Sources;

/// How many places a doubt names.
const PLACES: usize = 10;

/// The functions of which it is not known for certain what they need, in the order of the projects.
pub fn doubts(projects: &[Project], code: &Code, sources: &Sources) -> Vec<Doubt> {
    let mut found: Vec<Doubt> = Vec::new();
    for (index, project) in projects.iter().enumerate() {
        for function in project.of_kind("AWS::Lambda::Function") {
            let needs = Needs::of(project, index, function, code);
            let doubt = of_function(index, &needs, code, sources);
            // A template that is nested several times is shown once.
            found.extend(doubt.filter(|doubt| !found.contains(doubt)));
        }
    }
    found
}

fn of_function(index: usize, needs: &Needs<'_>, code: &Code, sources: &Sources) -> Option<Doubt> {
    let function: &Resource = needs.function;
    let mut reasons: Vec<String> = Vec::new();
    let mut places: Vec<Related> = Vec::new();
    let states = [&needs.unread, &needs.open, &needs.partly];
    reasons.extend(states.into_iter().flatten().map(ToString::to_string));
    if !reasons.is_empty() {
        let own = code.functions.get(&(index, function.id.clone()));
        let files = own.iter().flat_map(|own| &own.files).filter_map(|path| code.files.get(path));
        places.extend(
            files
                .flat_map(|file| &file.opaque)
                .map(|(reason, span)| Related { location: sources.location(*span), text: reason.to_string() }),
        );
    }
    for service in &needs.strangers {
        reasons.push(format!("a client of {service} has credentials of its own"));
    }
    for (call, text) in needs.uncertain() {
        places.push(Related { location: sources.location(call.span), text: text.clone() });
        reasons.push(text);
    }
    let mut met: Vec<String> = Vec::new();
    reasons.retain(|reason| {
        !met.contains(reason) && {
            met.push(reason.clone());
            true
        }
    });
    places.truncate(PLACES);
    let understood = if needs.unread.is_some() { Understood::Not } else { Understood::Partly };
    let subject = Subject::new(function.kind.clone(), function.name.clone());
    let location = sources.location(function.span);
    (!reasons.is_empty()).then_some(Doubt { function: subject, understood, reasons, location, places })
}
