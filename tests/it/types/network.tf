variable "open" {
  type = string
}

resource "aws_vpc" "plain_network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "full_network" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = false
  instance_tenancy     = "dedicated"
}

resource "aws_subnet" "plain_subnet" {
  availability_zone = "eu-west-1a"
  vpc_id            = aws_vpc.plain_network.id
}

resource "aws_subnet" "full_subnet" {
  assign_ipv6_address_on_creation = true
  availability_zone               = "eu-west-1b"
  map_public_ip_on_launch         = true
  vpc_id                          = aws_vpc.plain_network.id
}

resource "aws_flow_log" "plain_flow" {
  traffic_type = "ALL"
  vpc_id       = aws_vpc.full_network.id
}

resource "aws_flow_log" "full_flow" {
  log_destination          = "arn:aws:s3:::b"
  log_destination_type     = "s3"
  max_aggregation_interval = 60
  subnet_id                = aws_subnet.plain_subnet.id
  traffic_type             = "REJECT"
}

resource "aws_vpc_endpoint" "plain_endpoint" {
  service_name = "com.amazonaws.eu-west-1.s3"
  vpc_id       = aws_vpc.plain_network.id
}

resource "aws_vpc_endpoint" "full_endpoint" {
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.plain_group.id]
  service_name        = "com.amazonaws.eu-west-1.execute-api"
  vpc_endpoint_type   = "Interface"
  vpc_id              = aws_vpc.plain_network.id
}

resource "aws_vpc_endpoint_policy" "invokes" {
  vpc_endpoint_id = aws_vpc_endpoint.full_endpoint.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
  })
}

resource "aws_vpc_endpoint_service" "plain_shared" {
  acceptance_required        = true
  network_load_balancer_arns = ["l"]
}

resource "aws_vpc_endpoint_service" "full_shared" {
  acceptance_required        = false
  gateway_load_balancer_arns = ["l"]
}

resource "aws_vpc_endpoint_service" "open_shared_only" {
  acceptance_required        = false
  network_load_balancer_arns = ["l"]
  allowed_principals         = ["a", "b"]
}

resource "aws_vpc_endpoint_service_allowed_principal" "plain_guests" {
  principal_arn           = "arn:aws:iam::111122223333:root"
  vpc_endpoint_service_id = aws_vpc_endpoint_service.plain_shared.id
}

resource "aws_vpc_endpoint_service_allowed_principal" "full_guests" {
  principal_arn           = "*"
  vpc_endpoint_service_id = aws_vpc_endpoint_service.full_shared.id
}

resource "aws_security_group" "plain_group" {
  description = "plain"
}

resource "aws_security_group" "bare_group_two_only" {
  vpc_id = aws_vpc.plain_network.id
}

resource "aws_security_group" "full_group" {
  description = "full"
  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    cidr_blocks      = ["0.0.0.0/0", "10.0.0.0/8"]
    ipv6_cidr_blocks = ["::/0"]
  }
  ingress {
    description     = "names"
    protocol        = "udp"
    from_port       = 53
    to_port         = 53
    security_groups = [aws_security_group.plain_group.id]
  }
  ingress {
    protocol        = "icmp"
    from_port       = 8
    to_port         = 0
    prefix_list_ids = ["pl-1"]
  }
  egress {
    description = "everything"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.plain_group.id]
  }
}

resource "aws_security_group" "open_group_only" {
  description = "open"
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.open]
  }
}

resource "aws_security_group" "companion_group" {
  description = "companions"
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.companion_group.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "192.168.0.0/16"
}

resource "aws_security_group_rule" "more" {
  type              = "ingress"
  security_group_id = aws_security_group.companion_group.id
  protocol          = "tcp"
  from_port         = 8080
  to_port           = 8081
  cidr_blocks       = ["172.16.0.0/12", "10.0.0.0/8"]
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  security_group_id = aws_security_group.open_group_only.id
  ip_protocol       = "udp"
  from_port         = 53
  to_port           = 53
  cidr_ipv4         = aws_vpc.plain_network.cidr_block
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.companion_group.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}

resource "aws_security_group_rule" "names" {
  type              = "egress"
  security_group_id = aws_security_group.companion_group.id
  protocol          = "udp"
  from_port         = 53
  to_port           = 53
  prefix_list_ids   = ["pl-1"]
}

resource "aws_security_group" "self_group_only" {
  description = "itself"
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "plain_ingress" {
  security_group_id = "sg-1"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "full_ingress" {
  security_group_id = "sg-1"
  description       = "all"
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}

resource "aws_security_group_rule" "group_ingress" {
  type                     = "ingress"
  security_group_id        = "sg-1"
  protocol                 = "tcp"
  from_port                = 80
  to_port                  = 90
  source_security_group_id = "sg-2"
}

resource "aws_vpc_security_group_egress_rule" "plain_egress" {
  security_group_id = "sg-1"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_security_group_rule" "full_egress" {
  type              = "egress"
  security_group_id = "sg-1"
  description       = "all"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_vpc_security_group_egress_rule" "list_egress" {
  security_group_id = "sg-1"
  ip_protocol       = "udp"
  from_port         = 53
  to_port           = 54
  prefix_list_id    = "pl-1"
}

resource "aws_network_acl_rule" "plain_entry" {
  cidr_block     = "10.0.0.0/8"
  from_port      = 80
  network_acl_id = "a"
  protocol       = "tcp"
  rule_action    = "deny"
  rule_number    = 100
  to_port        = 81
}

resource "aws_network_acl_rule" "full_entry" {
  egress          = true
  ipv6_cidr_block = "::/0"
  network_acl_id  = "a"
  protocol        = "-1"
  rule_action     = "allow"
  rule_number     = 200
}

resource "aws_network_acl" "inline_entries_only" {
  vpc_id = aws_vpc.plain_network.id
  ingress {
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    protocol   = "tcp"
    rule_no    = 100
    to_port    = 443
  }
}

resource "aws_route_table" "plain_table" {
  vpc_id = aws_vpc.plain_network.id
}

resource "aws_route_table" "full_table" {
  vpc_id = aws_vpc.plain_network.id
}

resource "aws_route_table" "inline_table_only" {
  vpc_id = aws_vpc.plain_network.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.way_out.id
  }
}

resource "aws_internet_gateway" "way_out" {
  vpc_id = aws_vpc.plain_network.id
}

resource "aws_route" "plain_route" {
  destination_cidr_block = "10.1.0.0/16"
  route_table_id         = aws_route_table.plain_table.id
  transit_gateway_id     = aws_ec2_transit_gateway.plain_transit.id
}

resource "aws_route" "full_route" {
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.way_out.id
  route_table_id         = aws_route_table.full_table.id
}

resource "aws_nat_gateway" "plain_nat" {
  subnet_id = aws_subnet.plain_subnet.id
}

resource "aws_nat_gateway" "full_nat" {
  availability_mode = "regional"
  connectivity_type = "private"
}

resource "aws_eip" "plain_address" {
}

resource "aws_eip" "full_address" {
  instance = "i-1"
}

resource "aws_ec2_transit_gateway" "plain_transit" {
}

resource "aws_ec2_transit_gateway" "full_transit" {
  auto_accept_shared_attachments  = "enable"
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  encryption_support              = "enable"
}

resource "aws_globalaccelerator_accelerator" "plain_accelerator" {
  name = "a"
}

resource "aws_globalaccelerator_accelerator" "full_accelerator" {
  name    = "b"
  enabled = false
  attributes {
    flow_logs_enabled = true
  }
}

resource "aws_globalaccelerator_endpoint_group" "plain_ends" {
  endpoint_group_region = "eu-west-1"
  listener_arn          = "l"
}

resource "aws_globalaccelerator_endpoint_group" "full_ends" {
  endpoint_group_region = "us-east-1"
  listener_arn          = "l"
  endpoint_configuration {
    endpoint_id = "e"
  }
}
