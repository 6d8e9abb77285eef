"""Messages of Python's `email` read as it reads them: fields, text, names and sizes of what came with them.

No corpus is needed; the messages are made by chance, in every transfer encoding and the charsets that are read.
"""
import email, email.policy, json, random
from email.message import EmailMessage
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

CASES = 100
FLOOR = 100
WORDS = {
    "utf-8": "Grüße 日本語 – ünïcode 🙂", "iso-8859-1": "Grüße à tous", "windows-1252": "„Grüße“ – €",
    "iso-8859-2": "zażółć gęślą", "iso-8859-15": "Grüße €", "koi8-r": "Привет мир", "windows-1251": "Привет мир",
    "iso-8859-7": "Καλημέρα", "us-ascii": "plain words",
}


def run(convert, corpora):
    chance = random.Random(22)
    judged = [(f"message {n}", same(convert, made(chance))) for n in range(CASES)]
    failures = [f"{name}: {problem}" for name, problem in judged if problem]
    return len(judged) - len(failures), len(judged), failures, FLOOR


def made(chance):
    charset = chance.choice(list(WORDS))
    words = WORDS[charset]
    text = "\n".join(chance.choice([words, "", "> " + words, "x" * chance.randrange(200), "a = b"]) for _ in range(6)) + "\nend\n"
    message = EmailMessage() if chance.random() < 0.5 else None
    if message is None:
        message = MIMEMultipart()
        message["Subject"] = Header(words * 3, charset)
        message.attach(MIMEText(text, "plain", charset))
        attached = MIMEText("data", "csv", "utf-8")
        attached.add_header("Content-Disposition", "attachment", filename=("utf-8", "", words + ".csv"))
        message.attach(attached)
    else:
        message["Subject"] = words * 3
        message.set_content(text, charset=charset, cte=chance.choice(["quoted-printable", "base64"]))
        if chance.random() < 0.5:
            message.add_alternative("<p>other</p>", subtype="html")
        for number in range(chance.randrange(3)):
            message.add_attachment(
                chance.randbytes(chance.randrange(3000)), maintype="application", subtype="octet-stream",
                filename=f"{words[:5]} {number}.bin")
    message["From"] = "a@example.com"
    message["To"] = "b@example.com, " + "c" * 50 + "@example.com, " + "d" * 40 + "@example.com"
    return message.as_bytes()


def same(convert, data):
    result = convert(data, "eml", "json")
    if result.output is None:
        return result.message
    found = json.loads(result.text)
    wanted = email.message_from_bytes(data, policy=email.policy.default)
    for name in ("Subject", "From", "To"):
        if found[name.lower()].split() != str(wanted[name]).split():
            return f"{name} is {found[name.lower()]!r} and not {wanted[name]!r}"
    text = wanted.get_body(("plain",)).get_content()
    if found["text"].strip("\n") != text.strip("\n"):
        return f"the text is {found['text']!r} and not {text!r}"
    files = [(part.get_filename(), len(part.get_payload(decode=True))) for part in wanted.walk() if part.get_filename()]
    if [(file["name"], file["size"]) for file in found["attachments"]] != files:
        return f"{found['attachments']} is not {files}"
    return None
