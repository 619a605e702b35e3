//! From the words of a policy to actions: what `s3:Get*` names.

use super::{catalogue, glob};

pub use super::catalogue::is_read as catalogue_is_read;
pub use super::catalogue::{AccessLevel, Action, ResourceType, has_service, named, services};
pub use super::set::{ActionSet, Packed};

/// The actions that an element of a policy's `Action` names: `s3:GetObject`, `s3:Get*`, `*`, without regard to case.
///
/// "Any other action" of a service belongs to the set only where the pattern covers every name there can be. An
/// action that the catalogue lacks gives an empty set.
pub fn expand(pattern: &str) -> ActionSet {
    if glob::is_all(pattern) {
        return ActionSet::all();
    }
    let mut set = ActionSet::empty();
    let (prefix, name) = pattern.split_once(':').unwrap_or((pattern, ""));
    if !glob::has_wildcard(prefix) {
        if !glob::has_wildcard(name) {
            set.extend(named(pattern));
        } else if let Some((number, from, to)) = catalogue::service(prefix) {
            add(&mut set, name, number, from..to);
        }
        return set;
    }
    for (number, service, from, to) in catalogue::numbered() {
        if glob::matches_ignoring_case(prefix, service) {
            add(&mut set, name, number, from..to);
        }
    }
    if glob::is_all(prefix) && glob::is_all(name) {
        set.insert(catalogue::other_service());
    }
    set
}

/// All actions of a service that the catalogue knows; empty where it lacks the service.
pub fn of_service(prefix: &str) -> ActionSet {
    let mut set = ActionSet::empty();
    if let Some((_, from, to)) = catalogue::service(prefix) {
        set.insert_range(from, to);
    }
    set
}

fn add(set: &mut ActionSet, name: &str, service: u16, actions: std::ops::Range<u16>) {
    if glob::is_all(name) {
        set.insert_range(actions.start, actions.end);
        set.insert(catalogue::other_of(service));
    } else {
        let named = actions.map(Action).filter(|action| glob::matches_ignoring_case(name, action.name()));
        set.extend(named);
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessLevel, ActionSet, catalogue, expand, named, of_service, services};

    #[test]
    fn the_catalogue_is_whole() {
        assert_eq!(services().count(), 457);
        assert_eq!(services().map(|service| of_service(service).len()).sum::<usize>(), 22_321);
        assert_eq!(ActionSet::all().len(), 22_321 + 457 + 1);
        assert_eq!(usize::from(catalogue::bits()), 22_321 + 457 + 1);
    }

    #[test]
    fn patterns_name_actions() {
        let cases = [
            ("s3:GetObject", 1),
            ("S3:getobject", 1),
            ("s3:GetObjec", 0),
            ("s3:GetObjectT*", 2),
            ("dynamodb:?can", 1),
            ("execute-api:*", 4),
            ("*:*", 22_779),
            ("*", 22_779),
            ("nosuch:*", 0),
            ("s3", 0),
            ("", 0),
        ];
        for (pattern, expected) in cases {
            assert_eq!(expand(pattern).len(), expected, "{pattern}");
        }
    }

    #[test]
    fn expansion_agrees_with_matching_each_name() {
        for pattern in ["s3:*Object*", "*:Get*", "lambda:*", "ec2:*Create?ags", "i*m:Pass*"] {
            let all = ActionSet::all();
            let slow = all.iter().filter(|action| {
                let whole = action.to_string();
                !action.is_stand_in() && super::glob::matches_ignoring_case(pattern, &whole)
            });
            let mut fast = expand(pattern);
            fast.keep(&ActionSet::all().iter().filter(|action| !action.is_stand_in()).collect());
            assert_eq!(fast, slow.collect(), "{pattern}");
        }
    }

    #[test]
    fn an_action_says_what_it_is() {
        let get = named("DYNAMODB:getitem").unwrap();
        assert_eq!(get.to_string(), "dynamodb:GetItem");
        assert_eq!(get.access_level(), AccessLevel::Read);
        let types: Vec<&str> = get.resource_types().iter().map(|(kind, _)| kind.name).collect();
        assert!(types.contains(&"table"), "{types:?}");
        assert!(get.condition_keys().contains(&"dynamodb:LeadingKeys"));
        assert!(!named("s3:ListAllMyBuckets").unwrap().is_scopable());
        assert_eq!(named("sns:TagResource").unwrap().access_level(), AccessLevel::Tagging);
        assert_eq!(named("iam:PutRolePolicy").unwrap().access_level(), AccessLevel::PermissionsManagement);
    }

    #[test]
    fn sets_obey_their_laws() {
        let reads = expand("s3:Get*");
        let mut rest = reads.complement();
        assert!(!rest.intersects(&reads) && reads.is_subset(&expand("s3:*")));
        rest.add(&reads);
        assert_eq!(rest, ActionSet::all());
        assert_eq!(reads.iter().collect::<ActionSet>(), reads);
    }
}
