resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          StringLike = {
            "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/*"
          }
        }
      },
      {
        Effect = "Deny"
        Action = "s3:*"
        Resource = "*"
        Condition = {
          BoolIfExists = {
            "aws:MultiFactorAuthPresent" = "false"
          }
        }
      },
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::orders/*"
        Condition = {
          IpAddress = {
            "aws:VpcSourceIp" = "10.0.0.0/8"
          }
        }
      },
      {
        Effect = "Allow"
        Action = "s3:ListBucket"
        Resource = "arn:aws:s3:::orders"
        Condition = {
          StringLike = {
            "s3:prefix" = "orders/*"
          }
        }
      },
      {
        Effect = "Allow"
        Action = "ec2:CreateTags"
        Resource = "arn:aws:ec2:*:111122223333:volume/*"
        Condition = {
          "ForAllValues:StringEquals" = {
            "aws:TagKeys" = [
              "team",
              "cost",
            ]
          }
        }
      },
    ]
  })
}
