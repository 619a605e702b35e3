# without: AWS::IAM::SAMLProvider encryption.mode keys
# without: AWS::IAM::Group policies.inline
# without: AWS::IAM::User policies.inline password.written
# without: AWS::IAM::ManagedPolicy attached.roles attached.users attached.groups
variable "open" {
  type = string
}

resource "aws_iam_role" "plain_role" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "full_role" {
  assume_role_policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithSAML"
        Principal = { Federated = "arn:aws:iam::111122223333:saml-provider/p" }
      },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" },
    ]
  })
  description          = "what it is for"
  managed_policy_arns  = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  max_session_duration = 43200
  path                 = "/service/"
  permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
  inline_policy {
    name = "a"
    policy = jsonencode({
      Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
    })
  }
}

resource "aws_iam_role" "open_role" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = var.open } }]
  })
  permissions_boundary = var.open
}

resource "aws_iam_user" "plain_user" {
  name = "plain"
}

resource "aws_iam_user" "full_user" {
  name                 = "full"
  path                 = "/people/"
  permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
}

resource "aws_iam_user_group_membership" "people" {
  user   = aws_iam_user.full_user.name
  groups = [aws_iam_group.plain_group.name]
}

resource "aws_iam_user_policy_attachment" "reads" {
  user       = aws_iam_user.full_user.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user_login_profile" "signs_in" {
  user                    = aws_iam_user.full_user.name
  password_reset_required = true
}

resource "aws_iam_user" "sign_in_user" {
  name = "sign-in"
}

resource "aws_iam_user_login_profile" "signs_in_too" {
  user                    = aws_iam_user.sign_in_user.name
  password_reset_required = false
}

resource "aws_iam_group" "plain_group" {
  name = "plain"
}

resource "aws_iam_group" "full_group" {
  name = "full"
  path = "/people/"
}

resource "aws_iam_group_policy_attachment" "group_reads" {
  group      = aws_iam_group.full_group.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "role_policy" {
  name = "a"
  role = aws_iam_role.plain_role.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
}

resource "aws_iam_user_policy" "user_policy" {
  name = "a"
  user = aws_iam_user.plain_user.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_group_policy" "group_policy" {
  name  = "a"
  group = aws_iam_group.plain_group.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_policy" "plain_managed" {
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_policy" "full_managed" {
  description = "what it is for"
  path        = "/service/"
  policy      = jsonencode({ Statement = [] })
}

resource "aws_iam_access_key" "plain_key" {
  user = aws_iam_user.plain_user.name
}

resource "aws_iam_access_key" "full_key" {
  user   = aws_iam_user.plain_user.name
  status = "Inactive"
}

resource "aws_iam_instance_profile" "plain_profile" {
  role = aws_iam_role.plain_role.name
}

resource "aws_iam_instance_profile" "full_profile" {
  path = "/service/"
}

resource "aws_iam_openid_connect_provider" "plain_issuer" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "full_issuer" {
  url             = "https://gitlab.com"
  client_id_list  = ["https://gitlab.com"]
  thumbprint_list = ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
}

resource "aws_iam_saml_provider" "plain_saml" {
  name                   = "plain"
  saml_metadata_document = "x"
}

resource "aws_iam_server_certificate" "plain_certificate" {
  certificate_body = "body"
  private_key      = var.open
}

resource "aws_iam_server_certificate" "full_certificate" {
  certificate_body  = "body"
  certificate_chain = "chain"
  path              = "/cloudfront/"
  private_key       = "key"
}

resource "aws_iam_service_linked_role" "plain_linked" {
  aws_service_name = "ecs.amazonaws.com"
}

resource "aws_iam_service_linked_role" "full_linked" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "two"
}

resource "aws_iam_group_membership" "plain_members" {
  name  = "plain"
  group = aws_iam_group.full_group.name
  users = [aws_iam_user.plain_user.name]
}

resource "aws_iam_group_membership" "full_members" {
  name  = "full"
  group = aws_iam_group.full_group.name
  users = [aws_iam_user.plain_user.name, aws_iam_user.full_user.name]
}
