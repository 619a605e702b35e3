variable "open" {
  type = string
}

resource "aws_s3_bucket" "files" {
}

resource "aws_cloudfront_distribution" "plain_site" {
  enabled = true
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "site"
    viewer_protocol_policy = "allow-all"
  }
  origin {
    origin_id   = "site"
    domain_name = "old.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["SSLv3", "TLSv1.2"]
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1.2_2021"
  }
}

resource "aws_cloudfront_distribution" "full_site" {
  enabled             = true
  default_root_object = "index.html"
  price_class         = "PriceClass_100"
  web_acl_id          = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1"
  default_cache_behavior {
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = "c"
    response_headers_policy_id = "h"
    target_origin_id           = "files"
    viewer_protocol_policy     = "redirect-to-https"
  }
  logging_config {
    bucket = "logs.s3.amazonaws.com"
  }
  ordered_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    path_pattern           = "/api/*"
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:edge:1"
    }
  }
  origin {
    origin_id                = "files"
    domain_name              = aws_s3_bucket.files.bucket_regional_domain_name
    origin_access_control_id = "o"
  }
  origin {
    origin_id   = "site"
    domain_name = "new.example.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  origin {
    origin_id   = "named"
    domain_name = "files.s3.eu-central-1.amazonaws.com"
  }
  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["DE"]
    }
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/a"
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}

resource "aws_cloudfront_distribution" "open_site" {
  enabled     = true
  price_class = var.open
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "site"
    viewer_protocol_policy = var.open
  }
  origin {
    origin_id   = "site"
    domain_name = var.open
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/a"
    minimum_protocol_version = var.open
  }
}

resource "aws_cloudfront_distribution" "own_site_only" {
  enabled = true
  viewer_certificate {
    acm_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
    ssl_support_method  = "sni-only"
  }
}

resource "aws_cloudfront_function" "plain_code" {
  name    = "plain"
  code    = "c"
  comment = "c"
  runtime = "cloudfront-js-1.0"
}

resource "aws_cloudfront_function" "full_code" {
  name    = "full"
  code    = "c"
  comment = "c"
  publish = false
  runtime = "cloudfront-js-2.0"
}

resource "aws_cloudfront_origin_access_control" "plain_access" {
  name                              = "plain"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_origin_access_control" "full_access" {
  name                              = "full"
  origin_access_control_origin_type = "lambda"
  signing_behavior                  = "never"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_cache_policy" "plain_cache" {
  name        = "plain"
  default_ttl = 60
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = true
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_cache_policy" "full_cache" {
  name        = "full"
  default_ttl = 60
  max_ttl     = 300
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = true
    cookies_config {
      cookie_behavior = "all"
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = ["Accept", "Authorization"]
      }
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "plain_headers" {
  name = "plain"
  cors_config {
    access_control_allow_credentials = true
    origin_override                  = true
    access_control_allow_headers {
      items = ["Accept"]
    }
    access_control_allow_methods {
      items = ["GET"]
    }
    access_control_allow_origins {
      items = ["*"]
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "full_headers" {
  name = "full"
  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'self'"
      override                = true
    }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

resource "aws_lb" "plain_balancer" {
}

resource "aws_lb" "full_balancer" {
  internal                   = true
  load_balancer_type         = "network"
  enable_deletion_protection = true
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}

resource "aws_lb" "gate_balancer" {
  load_balancer_type = "gateway"
}

resource "aws_lb" "inner_balancer" {
  internal           = true
  load_balancer_type = var.open
}

resource "aws_lb" "either_balancer" {
  load_balancer_type = var.open
}

resource "aws_alb" "open_balancer" {
  enable_deletion_protection = var.open
}

resource "aws_wafv2_web_acl_association" "guard" {
  resource_arn = aws_lb.full_balancer.arn
  web_acl_arn  = "acl"
}

resource "aws_wafv2_web_acl_association" "stray_guard" {
  resource_arn = aws_lb_target_group.plain_targets.arn
  web_acl_arn  = "acl"
}

resource "aws_lb_listener" "plain_listener" {
  load_balancer_arn = aws_lb.plain_balancer.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain_targets.arn
  }
}

resource "aws_lb_listener" "moved_listener" {
  load_balancer_arn = aws_lb.plain_balancer.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "old_listener" {
  load_balancer_arn = aws_lb.plain_balancer.arn
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/a"
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain_targets.arn
  }
}

resource "aws_alb_listener" "full_listener" {
  load_balancer_arn = aws_lb.plain_balancer.arn
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/a"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain_targets.arn
  }
  mutual_authentication {
    mode            = "verify"
    trust_store_arn = "t"
  }
}

resource "aws_lb_listener" "open_listener" {
  load_balancer_arn = aws_lb.plain_balancer.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.open
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain_targets.arn
  }
}

resource "aws_lb_target_group" "plain_targets" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group" "full_targets" {
  target_type = "lambda"
}
