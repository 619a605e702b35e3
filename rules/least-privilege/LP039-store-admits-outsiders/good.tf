resource "aws_s3_bucket" "inbox" {
  bucket = "inbox-111122223333"
}

resource "aws_s3_bucket_policy" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::444455556666:root"
        }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::inbox-111122223333/*"
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID" = "o-a1b2c3d4e5"
          }
        }
      },
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::054676820928:root"
        }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::inbox-111122223333/*"
      },
    ]
  })
}
