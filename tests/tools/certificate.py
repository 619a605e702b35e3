"""Writes ca.pem, server.pem and server.key for 127.0.0.1 into the folder given: a certificate that only its CA vouches for."""

import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = pathlib.Path(sys.argv[1])


def certificate(name, key, issuer, signer, is_authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(loopback, critical=False)
        .sign(signer, hashes.SHA256())
    )


def main():
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = certificate("test authority", authority_key, None, authority_key, True)
    server = certificate("127.0.0.1", server_key, authority.subject, authority_key, False)
    pem = serialization.Encoding.PEM
    (FOLDER / "ca.pem").write_bytes(authority.public_bytes(pem))
    (FOLDER / "server.pem").write_bytes(server.public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8
    (FOLDER / "server.key").write_bytes(server_key.private_bytes(pem, form, serialization.NoEncryption()))


main()
