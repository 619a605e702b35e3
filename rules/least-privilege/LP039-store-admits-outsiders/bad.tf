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
          AWS = "arn:aws:iam::444455556666:root" # leastwise: LP039
        }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::inbox-111122223333/*"
      },
    ]
  })
}
