//! The entity types of our own that facts are put as.

use crate::model::entity::{Declared, EntityType, Verb, bool, long, string};

/// What data residency says of a place.
const PLACE: [Declared; 8] = [
    bool("resolved", "Whether the region is known."),
    string("region", "The region, or why it is not known."),
    string("place", "The region's place, `Europe (Frankfurt)`, or empty."),
    string("country", "ISO code of the region's country, or empty."),
    string("area", "The profile or setting that says where the data may lie."),
    bool("inside", "Whether the country is in the area."),
    bool("accepted", "Whether leastwise.toml accepts the country."),
    string("adequacy", "Recipients that an adequacy decision covers there: `all`, `partial` or `none`."),
];

const fn placed(extra: Declared) -> [Declared; 9] {
    let [a, b, c, d, e, f, g, h] = PLACE;
    [a, b, c, d, e, f, g, h, extra]
}

/// A labelled store in its region, for each area that its label is asked by.
pub const PLACEMENT: EntityType = EntityType {
    name: "Leastwise::Placement",
    verb: Verb::Deploy,
    about: "A labelled store in its region, once for each area that asks for its label.",
    attributes: &placed(string("label", "The label of the data.")),
};

/// A replica of a labelled store in its region.
pub const REPLICA: EntityType = EntityType {
    name: "Leastwise::Replica",
    verb: Verb::Move,
    about: "A replica of a labelled store in its region, once for each area that asks for its label.",
    attributes: &placed(string("label", "The label of the data.")),
};

/// An SDK client pinned to a region.
pub const CLIENT: EntityType = EntityType {
    name: "Leastwise::Client",
    verb: Verb::Call,
    about: "An SDK client that code pins to a region, once for each area.",
    attributes: &placed(string("service", "The service, by its boto3 name.")),
};

/// A data store, whatever its type.
pub const STORE: EntityType = EntityType {
    name: "Leastwise::Store",
    verb: Verb::Deploy,
    about: "A store of data, whatever its type.",
    attributes: &[string("type", "CloudFormation type."), bool("labelled", "Whether a tag says what data it holds.")],
};

/// An HTTP request in code.
pub const HTTP_REQUEST: EntityType = EntityType {
    name: "Leastwise::HttpRequest",
    verb: Verb::Call,
    about: "An HTTP request in code whose URL, or the beginning of it, is a literal.",
    attributes: &[
        string("callee", "The function that is called."),
        string("url", "The URL as far as it is known, without credentials or a query."),
        bool("plain", "Whether its scheme is http."),
        bool("local", "Whether it stays on the machine: loopback, link-local, or a host of the runtime itself."),
    ],
};

/// A switch that turns certificate checks off.
pub const TLS_SWITCH: EntityType = EntityType {
    name: "Leastwise::TlsSwitch",
    verb: Verb::Call,
    about: "A place in code that switches the check of certificates off.",
    attributes: &[string("callee", "The function that is called."), string("switch", "The switch as it is written.")],
};

/// A log line with the whole event in it.
pub const LOG_LINE: EntityType = EntityType {
    name: "Leastwise::LogLine",
    verb: Verb::Call,
    about: "A log line in code that prints the whole event or request.",
    attributes: &[
        string("callee", "The function or the variable of the environment that logs."),
        string("object", "The object's name."),
        bool("on", "Whether it does; a variable of the environment that decides may not be known."),
    ],
};

/// A credential written in code.
pub const CREDENTIAL: EntityType = EntityType {
    name: "Leastwise::Credential",
    verb: Verb::Call,
    about: "A literal in code that is a credential.",
    attributes: &[
        string("variable", "The variable, key or argument that it is given to."),
        string("kind", "What kind of credential."),
        string("redacted", "Kind and length, safe to print."),
    ],
};

/// One statement of one holder.
pub const GRANT: EntityType = EntityType {
    name: "Leastwise::Grant",
    verb: Verb::Grant,
    about: "One Allow statement: of an identity's policy, a resource's policy, or a role's trust.",
    attributes: &[
        string("holder", "The role, user, group, policy or resource that holds it, with its kind."),
        string("source", "`identity`, `resource` or `trust`."),
        string("onType", "CloudFormation type of the resource that a resource policy is on, or empty."),
        bool("workload", "Whether the holder is the role of a function or another AWS service."),
        string("actions", "The actions as written, the first ten."),
        string("resources", "The resources as written, the first ten."),
        string("principals", "The principals as written, the first ten."),
        bool("everyAction", "Whether it allows every action of every service."),
        bool("everyResource", "Whether it is about every resource."),
        bool("wholeService", "Whether it allows every action of a service."),
        string("wholeServices", "Those services, `s3:*, sqs:*`."),
        string("orchestrates", "The state machine, pipe, rule or schedule that it is the role of, or empty."),
        bool(
            "scopable",
            "Whether it allows, on every resource, actions that take an ARN and of which `Leastwise::UnboundedGrant` says \
             nothing.",
        ),
        bool("scopableActs", "Whether one of them does more than read settings and set tags."),
        bool(
            "scopableBeyondPlumbing",
            "Whether the actions on every resource are more than what every function may hold: logs, traces, interfaces.",
        ),
        string("scopableActions", "Those actions, the first ten."),
        bool("passRole.granted", "Whether it allows iam:PassRole by name or pattern."),
        bool("passRole.boundedByRole", "Whether it names the roles that may be passed."),
        bool("passRole.boundedByService", "Whether iam:PassedToService narrows it."),
        bool("escalates", "Whether a way of `Leastwise::Escalation` that is certain rests on it."),
        bool("public", "Whether everyone is a principal and no condition narrows that."),
        bool("deputy.unlimited", "Whether services of AWS are let in whichever of their customers they act for."),
        string("deputy.services", "Those services, the first ten."),
        bool(
            "outsiders.admitted",
            "Whether other accounts are let in without an external id (trust), an organisation or another limit.",
        ),
        bool("outsiders.whole", "Whether one of them is a whole account."),
        string("outsiders.names", "Their principals as written, the first ten."),
        bool("federation.anyone", "Whether the runs of every customer of a build service are let in."),
        bool("federation.organisation", "Whether the runs of all repositories of one organisation are let in."),
        string("federation.service", "The build service, or empty."),
        string("federation.subject", "The condition on the token's subject that lets most in, or `not limited`."),
        string("code.called", "The actions of the statement that the code of the role's functions calls, or empty."),
        string(
            "code.needed",
            "Those with what they are called on, as the project writes it: `sqs:SendMessage on !GetAtt Queue.Arn`.",
        ),
        string("code.named", "What the code calls the scopable ones on, as the project writes it, or empty."),
        string("code.passed", "The roles that the code passes, as the project writes them, or empty."),
        bool("blocked", "Whether the bucket's public-access block takes the statement's effect away."),
    ],
};

/// The actions of one class that a statement grants without bounds.
pub const UNBOUNDED: EntityType = EntityType {
    name: "Leastwise::UnboundedGrant",
    verb: Verb::Grant,
    about: "Actions of one class that a statement of an identity's policy allows on every resource, or every one of a kind.",
    attributes: &[
        string("holder", "The role, user, group or policy that holds it, with its kind."),
        string(
            "class",
            "What can be done with them: `permissions`, `credentials`, `decrypt`, `bulk-read`, `write`; `orchestration` \
             for all of them in the role of a state machine, pipe, rule or schedule.",
        ),
        string("actions", "The actions as written, the first ten."),
        string("on", "The resource as written that is no bound."),
        bool("unbounded", "Whether neither the resource nor a condition bounds them."),
        string("named", "What the code of the role's functions calls them on, as the project writes it, or empty."),
        bool("throughService", "Whether they may be used through a service of AWS only (`kms:ViaService`)."),
        string("orchestrates", "The state machine, pipe, rule or schedule that it is the role of, or empty."),
        bool(
            "escalates",
            "Whether they are actions of IAM and a way of `Leastwise::Escalation` that is certain rests on the statement.",
        ),
    ],
};

/// A condition with a fault.
pub const IDLE_CONDITION: EntityType = EntityType {
    name: "Leastwise::IdleCondition",
    verb: Verb::Grant,
    about: "A condition of a statement, allowing or denying, that never holds or always does.",
    attributes: &[
        string("holder", "The role, user, group, policy or resource that holds the statement, with its kind."),
        string("effect", "`Allow` or `Deny`."),
        string("key", "The condition's key as written."),
        string("fault", "What is wrong with it, and what that comes to."),
        bool("opens", "Whether the statement then allows more, or denies less, than it says."),
    ],
};

/// Actions of a statement that come to nothing.
pub const IDLE_ACTION: EntityType = EntityType {
    name: "Leastwise::IdleAction",
    verb: Verb::Grant,
    about: "Actions of a statement, allowing or denying, that nobody knows or that work on none of its resources.",
    attributes: &[
        string("holder", "The role, user, group, policy or resource that holds the statement, with its kind."),
        string("effect", "`Allow` or `Deny`."),
        string("kind", "`unknown`: there is no such action; `idle`: it works on none of the resources."),
        string("actions", "The actions as written, the first ten."),
        string("resources", "The statement's resources as written, the first ten."),
    ],
};

/// A managed policy attached to a holder.
pub const ATTACHMENT: EntityType = EntityType {
    name: "Leastwise::Attachment",
    verb: Verb::Grant,
    about: "A managed policy of AWS attached to a role, user or group.",
    attributes: &[
        string("holder", "The holder, with its kind."),
        string("policy", "The policy's name."),
        bool("administrator", "Whether it is AdministratorAccess, PowerUserAccess or IAMFullAccess."),
        bool("wide", "Whether it gives a whole service, or the content of a service's stores, on every resource."),
        string("gives", "What it gives so, the first ten."),
        string(
            "needed",
            "What the code of the role's functions needs of it: `s3:PutObject on !Sub ${Inbox.Arn}/*`, or empty.",
        ),
        bool("workload", "Whether the holder is the role of a function or another AWS service."),
    ],
};

/// A principal with a known way from its rights to more.
pub const ESCALATION: EntityType = EntityType {
    name: "Leastwise::Escalation",
    verb: Verb::Grant,
    about: "A role, user or group whose rights together are a known way to more; or a policy, for whoever holds it.",
    attributes: &[
        string("holder", "The principal, with its kind."),
        string("techniques", "The ways, by the names that collections of them use, the first ten."),
        long("count", "Number of ways."),
        string("how", "How the gravest is done."),
        string("gains", "What it leads to: every right, or the rights of another principal."),
        bool(
            "bounded",
            "Whether it leads over a role or thing that is named in full to rights that are bounded: no whole service on \
             every resource, no permissions to change, nobody's place to take.",
        ),
        bool("escalates", "Whether there is one: all its actions are allowed, and what it needs is there."),
    ],
};

/// A function that may change or invoke another one that runs with more rights.
pub const TWO_HOPS: EntityType = EntityType {
    name: "Leastwise::TwoHops",
    verb: Verb::Grant,
    about: "The role of a function that may change, or invoke, functions that run with another role.",
    attributes: &[
        string("holder", "The role, with its kind."),
        string("functions", "The functions that execute with it, the first ten."),
        string("targets", "The functions that it may change or invoke, the first ten."),
        string("role", "The role of these, with its kind."),
        string("by", "`update`, or `invoke` where the other role is an administrator's."),
        string("actions", "The actions by which it may."),
        string("gains", "An action that the other role allows and this one does not."),
        bool("stronger", "Whether the other role allows what this one does not."),
    ],
};

/// The role that functions execute with.
pub const EXECUTION_ROLE: EntityType = EntityType {
    name: "Leastwise::ExecutionRole",
    verb: Verb::Grant,
    about: "A role that functions execute with.",
    attributes: &[
        long("count", "Number of functions that execute with it."),
        string("functions", "Their names, the first ten."),
        bool("provider", "Whether it is the shared role of a serverless.yml."),
        bool("beyondLogs", "Whether it grants more than logs, traces and network interfaces."),
    ],
};

/// Actions that a statement grants and no code of the role's functions needs.
pub const UNUSED_GRANT: EntityType = EntityType {
    name: "Leastwise::UnusedGrant",
    verb: Verb::Grant,
    about: "The actions of one statement of one role that no reachable call of its functions needs.",
    attributes: &[
        string("holder", "The role, with its kind, or the function that it was made for."),
        string("functions", "The functions that execute with it."),
        string("actions", "The unused actions, whole services and the first ten, then a count."),
        long("count", "Number of unused actions."),
        string("statement", "The statement's Sid or normalised form."),
        bool("whole", "Whether nothing that the statement allows is used."),
        string("template", "The SAM policy template that the statement comes from, or empty."),
        string("narrower", "What to write instead of the template."),
    ],
};

/// An action that code needs and its role does not allow.
pub const MISSING_GRANT: EntityType = EntityType {
    name: "Leastwise::MissingGrant",
    verb: Verb::Grant,
    about: "An action that a call needs and the function's role does not allow.",
    attributes: &[
        string("function", "The function."),
        string("role", "The role, with its kind."),
        string("operation", "The operation that is called, `dynamodb.PutItem`."),
        string("action", "The action that is needed, `dynamodb:PutItem`."),
        string("on", "What the call is done to, as the project writes it, or empty."),
        bool("missing", "Whether no policy of the role allows it."),
    ],
};

/// A call on a store with a customer's key.
pub const KEYED_CALL: EntityType = EntityType {
    name: "Leastwise::KeyedCall",
    verb: Verb::Grant,
    about: "A call that reads or writes a store of the project whose template gives it a customer-managed key.",
    attributes: &[
        string("function", "The function."),
        string("role", "The role, with its kind."),
        string("operation", "The operation that is called, `s3.PutObject`."),
        string("store", "The bucket, table, queue, topic, secret or stream."),
        string("key", "The store's key."),
        string("keyArn", "The ARN of that key, as the project writes it."),
        string("encryption", "The encryption that the call asks for, or empty."),
        bool("otherEncryption", "Whether the call asks for another encryption than the store's key."),
        string("action", "The action on the key that the role lacks, or empty."),
        bool("lacksKey", "Whether neither the role nor the key's policy allows the key to be used as the call must."),
    ],
};

/// A right to read secrets beside the one that code names, or a secret that is named to code in vain.
pub const NAMED_SECRET: EntityType = EntityType {
    name: "Leastwise::NamedSecret",
    verb: Verb::Grant,
    about: "A secret or parameter that a function's code fetches by its name, or that its environment names.",
    attributes: &[
        string("function", "The function."),
        string("role", "The role, with its kind, or empty."),
        string("secret", "The secret or parameter."),
        string("arn", "Its ARN, as the project writes it."),
        string("action", "The action that fetches it, or empty."),
        string("granted", "The resources of the statement that allows it, or empty."),
        bool("wider", "Whether the statement allows it on every secret or parameter."),
        string("variable", "The environment variable that names it, or empty."),
        bool("unread", "Whether no code of the function, or of its project's folder, has the variable's name in it."),
    ],
};

/// A read of a table that holds the items of several tenants.
pub const TENANT_READ: EntityType = EntityType {
    name: "Leastwise::TenantRead",
    verb: Verb::Grant,
    about: "A call that reads a table whose partition key is the tenant, without a filter, for requests of others.",
    attributes: &[
        string("function", "The function."),
        string("role", "The role, with its kind."),
        string("operation", "The operation that is called, `dynamodb.Scan`."),
        string("table", "The table."),
        string("key", "Its partition key, which says whose an item is."),
        bool("unguarded", "Whether a statement allows it without a condition on dynamodb:LeadingKeys."),
    ],
};

/// All of them.
pub const TYPES: &[&EntityType] = &[
    &PLACEMENT,
    &REPLICA,
    &CLIENT,
    &STORE,
    &HTTP_REQUEST,
    &TLS_SWITCH,
    &LOG_LINE,
    &CREDENTIAL,
    &GRANT,
    &UNBOUNDED,
    &IDLE_CONDITION,
    &IDLE_ACTION,
    &ATTACHMENT,
    &ESCALATION,
    &TWO_HOPS,
    &EXECUTION_ROLE,
    &UNUSED_GRANT,
    &MISSING_GRANT,
    &KEYED_CALL,
    &NAMED_SECRET,
    &TENANT_READ,
];
