//! Which parameter of an SDK call names which kind of resource, and how its ARN is made.

/// One kind of resource that calls name.
pub(super) struct Row {
    /// Its CloudFormation type; empty where no template makes it.
    pub(super) kind: &'static str,
    /// The IAM prefix of the actions on it, and IAM's name of its type.
    pub(super) iam: (&'static str, &'static str),
    /// Its ARN, with `${Name}` where its name stands.
    pub(super) arn: &'static str,
    /// The property that holds its name; empty where the provider makes it.
    pub(super) name: &'static str,
    /// How CloudFormation's own words give its ARN.
    pub(super) own: Own,
    /// The parameters of the API that hold its name, ARN or address, in any case of their letters.
    pub(super) parameters: &'static [&'static str],
}

/// How CloudFormation gives the ARN of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// By this attribute (`Fn::GetAtt`).
    Attribute(&'static str),
    /// `Ref` is the ARN.
    Ref,
    /// It gives none: the ARN is put together from the name.
    None,
}

const fn row(
    kind: &'static str,
    iam: (&'static str, &'static str),
    arn: &'static str,
    name: &'static str,
    own: Own,
    parameters: &'static [&'static str],
) -> Row {
    Row { kind, iam, arn, name, own, parameters }
}

const ARN: Own = Own::Attribute("Arn");

/// The kinds that serverless code calls most.
///
/// Sources: Service Authorization Reference (resource types), CloudFormation Template Reference (return values) and
/// the services' API references (parameters), read 2026-11.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("AWS::DynamoDB::Table", ("dynamodb", "table"), "arn:${Partition}:dynamodb:${Region}:${Account}:table/${Name}", "TableName", ARN, &["TableName", "ResourceArn", "TableArn", "SourceTableName", "TargetTableName"]),
    row("AWS::DynamoDB::GlobalTable", ("dynamodb", "table"), "arn:${Partition}:dynamodb:${Region}:${Account}:table/${Name}", "TableName", ARN, &[]),
    row("", ("dynamodb", "stream"), "arn:${Partition}:dynamodb:${Region}:${Account}:table/${Name}/stream/*", "", Own::None, &["StreamArn"]),
    row("AWS::S3::Bucket", ("s3", "bucket"), "arn:${Partition}:s3:::${Name}", "BucketName", ARN, &["Bucket"]),
    row("AWS::SQS::Queue", ("sqs", "queue"), "arn:${Partition}:sqs:${Region}:${Account}:${Name}", "QueueName", ARN, &["QueueUrl", "QueueName"]),
    row("AWS::SNS::Topic", ("sns", "topic"), "arn:${Partition}:sns:${Region}:${Account}:${Name}", "TopicName", Own::Ref, &["TopicArn", "TargetArn", "ResourceArn"]),
    row("AWS::Lambda::Function", ("lambda", "function"), "arn:${Partition}:lambda:${Region}:${Account}:function:${Name}", "FunctionName", ARN, &["FunctionName"]),
    row("AWS::SecretsManager::Secret", ("secretsmanager", "Secret"), "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}-??????", "Name", Own::Ref, &["SecretId", "SecretArn", "SecretIdList", "Name"]),
    row("AWS::SSM::Parameter", ("ssm", "parameter"), "arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}", "Name", Own::None, &["Name", "Names", "Path"]),
    row("AWS::KMS::Key", ("kms", "key"), "arn:${Partition}:kms:${Region}:${Account}:key/${Name}", "", ARN, &["KeyId", "SourceKeyId", "DestinationKeyId", "TargetKeyId"]),
    row("AWS::StepFunctions::StateMachine", ("states", "statemachine"), "arn:${Partition}:states:${Region}:${Account}:stateMachine:${Name}", "StateMachineName", Own::Ref, &["stateMachineArn"]),
    row("", ("states", "execution"), "arn:${Partition}:states:${Region}:${Account}:execution:${Name}", "", Own::None, &["executionArn"]),
    row("AWS::Kinesis::Stream", ("kinesis", "stream"), "arn:${Partition}:kinesis:${Region}:${Account}:stream/${Name}", "Name", ARN, &["StreamName", "StreamARN"]),
    row("AWS::KinesisFirehose::DeliveryStream", ("firehose", "deliverystream"), "arn:${Partition}:firehose:${Region}:${Account}:deliverystream/${Name}", "DeliveryStreamName", ARN, &["DeliveryStreamName"]),
    row("AWS::Events::EventBus", ("events", "event-bus"), "arn:${Partition}:events:${Region}:${Account}:event-bus/${Name}", "Name", ARN, &["EventBusName"]),
    row("AWS::Logs::LogGroup", ("logs", "log-group"), "arn:${Partition}:logs:${Region}:${Account}:log-group:${Name}", "LogGroupName", ARN, &["logGroupName", "logGroupNames", "logGroupIdentifier", "logGroupIdentifiers"]),
    row("AWS::Cognito::UserPool", ("cognito-idp", "userpool"), "arn:${Partition}:cognito-idp:${Region}:${Account}:userpool/${Name}", "", ARN, &["UserPoolId"]),
    row("AWS::IAM::Role", ("iam", "role"), "arn:${Partition}:iam::${Account}:role/${Name}", "RoleName", ARN, &["RoleName", "RoleArn", "Role", "ExecutionRoleArn", "ServiceRoleArn", "TaskRoleArn", "roleArn", "serviceRole", "executionRole", "IamRoleArn"]),
    row("AWS::IAM::Role", ("sts", "role"), "arn:${Partition}:iam::${Account}:role/${Name}", "RoleName", ARN, &["RoleArn"]),
    row("AWS::EFS::FileSystem", ("elasticfilesystem", "file-system"), "arn:${Partition}:elasticfilesystem:${Region}:${Account}:file-system/${Name}", "", ARN, &["FileSystemId"]),
    row("AWS::ApiGatewayV2::Api", ("execute-api", "execute-api-general"), "arn:${Partition}:execute-api:${Region}:${Account}:${Name}", "", Own::None, &[]),
    row("AWS::ECS::Cluster", ("ecs", "cluster"), "arn:${Partition}:ecs:${Region}:${Account}:cluster/${Name}", "ClusterName", ARN, &["clusterArn", "clusterName"]),
    row("AWS::RDS::DBCluster", ("rds-data", "cluster"), "arn:${Partition}:rds:${Region}:${Account}:cluster:${Name}", "DBClusterIdentifier", Own::Attribute("DBClusterArn"), &["resourceArn"]),
    row("AWS::CodeBuild::Project", ("codebuild", "project"), "arn:${Partition}:codebuild:${Region}:${Account}:project/${Name}", "Name", ARN, &["projectName"]),
    row("AWS::Glue::Job", ("glue", "job"), "arn:${Partition}:glue:${Region}:${Account}:job/${Name}", "Name", Own::None, &["JobName"]),
];

/// The row of a CloudFormation type.
pub(super) fn of_kind(kind: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.kind == kind)
}

impl Row {
    /// Whether resources of a CloudFormation type are of this kind.
    pub(super) fn fits(&self, kind: &str) -> bool {
        !self.kind.is_empty() && (kind == self.kind || of_kind(kind).is_some_and(|other| other.iam == self.iam))
    }
}

/// The rows of a type of IAM's.
pub(super) fn of_iam(service: &str, name: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.iam == (service, name))
}

#[cfg(test)]
mod tests {
    use super::ROWS;
    use crate::iam::action;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_a_resource_type_of_the_catalogue() {
        let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
        for service in action::services() {
            let actions = action::of_service(service);
            let types = actions.iter().flat_map(|action| action.resource_types());
            known.extend(types.map(|(kind, _)| (service, kind.name)));
        }
        for row in ROWS {
            assert!(known.contains(&row.iam), "{:?}", row.iam);
            assert!(row.arn.starts_with("arn:${Partition}:") && row.arn.contains("${Name}"), "{}", row.arn);
        }
    }
}
