"""A fine-tuning provider on this machine: it keeps files and jobs, and mistreats requests when told to."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Fault = Callable[["Handler", str, str, bool], bool]
"""Called with the handler, method, path and whether the request was acted on already; True when it dealt with the connection."""


class Provider(ThreadingHTTPServer):
    """Jobs run through their states one look at a time. `fault` is asked before and after each request is acted on."""

    daemon_threads = True

    def __init__(self, *, looks: int = 3, honours_keys: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, dict] = {}
        self.contents: dict[str, bytes] = {}
        self.uploads: dict[str, dict] = {}
        self.jobs: dict[str, dict] = {}
        self.events: dict[str, list[dict]] = {}
        self.requests: list[tuple[str, str, dict, bytes]] = []
        self.keys: dict[str, str] = {}
        self.fault: Fault = lambda *_: False
        self.looks = looks
        self.honours_keys = honours_keys
        self.outcome = "succeeded"
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_):
        """A connection that was cut on purpose is no news."""

    def close(self):
        self.shutdown()
        self.server_close()

    def sent(self, method: str, path: str) -> int:
        return sum(one[:2] == (method, path) for one in self.requests)

    # --- what it does, under the lock -------------------------------------------------------------------------------

    def add_file(self, name: str, content: bytes, purpose: str = "fine-tune") -> dict:
        identity = f"file-{len(self.files) + 1}"
        self.contents[identity] = content
        self.files[identity] = {
            "id": identity, "object": "file", "bytes": len(content), "created_at": int(time.time()), "filename": name, "purpose": purpose,
            "status": "processed",
        }  # fmt: skip
        return self.files[identity]

    def add_job(self, body: dict, key: str | None) -> dict:
        if self.honours_keys and key in self.keys:
            return self.jobs[self.keys[key]]
        identity = f"ftjob-{len(self.jobs) + 1}"
        if key:
            self.keys[key] = identity
        self.jobs[identity] = {
            "id": identity, "object": "fine_tuning.job", "created_at": int(time.time()), "model": body["model"], "status": "queued",
            "training_file": body["training_file"], "validation_file": body.get("validation_file"), "hyperparameters": {},
            "organization_id": "org", "result_files": [], "seed": body.get("seed", 0), "fine_tuned_model": None, "error": None,
            "metadata": body.get("metadata"), "method": body.get("method"), "finished_at": None, "trained_tokens": None, "looked": 0,
        }  # fmt: skip
        self.events[identity] = []
        self.tell(identity, "Created")
        return self.jobs[identity]

    def tell(self, job: str, message: str, data: dict | None = None, level: str = "info") -> None:
        number = len(self.events[job])
        self.events[job].append({
            "id": f"ftevent-{job}-{number}", "object": "fine_tuning.job.event", "created_at": int(time.time()), "level": level,
            "message": message, "data": data, "type": "metrics" if data else "message",
        })  # fmt: skip

    def look(self, job: dict) -> None:
        """A job goes on when it is looked at."""
        if job["status"] in ("succeeded", "failed", "cancelled", "paused"):
            return
        job["looked"] += 1
        step = job["looked"]
        if step < self.looks:
            job["status"] = "running"
            loss = {"step": step, "total_steps": self.looks, "train_loss": 2.0 / step, "full_valid_loss": 2.5 / step}
            self.tell(job["id"], f"Step {step}", loss)
        elif self.outcome == "succeeded":
            result = self.add_file("results.csv", b"step,train_loss\n1,2.0\n", "fine-tune-results")
            job |= {"status": "succeeded", "fine_tuned_model": f"ft:{job['model']}:org::{job['id']}", "finished_at": int(time.time())}
            job |= {"result_files": [result["id"]], "trained_tokens": 4321}
            self.tell(job["id"], "Done")
        else:
            job |= {"status": self.outcome, "error": {"code": "bad_data", "message": "the file made no sense", "param": "training_file"}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, or each answer waits 40 ms for an acknowledgement

    def log_message(self, *_):
        """Stay silent."""

    def do_GET(self):
        self.handle_request("GET")

    def do_POST(self):
        self.handle_request("POST")

    def handle_request(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path.removeprefix("/v1")
        with self.server.lock:
            self.server.requests.append((method, path, {name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.fault(self, method, path, False):
            return
        with self.server.lock:
            status, answer = self.act(method, path, body)
        if not self.server.fault(self, method, path, True):
            self.send(status, answer)

    def act(self, method: str, path: str, body: bytes) -> tuple[int, dict | bytes]:
        server, query = self.server, parse_qs(urlsplit(self.path).query)
        match [method, *path.strip("/").split("/")]:
            case ["POST", "files"]:
                fields = multipart(self.headers["Content-Type"], body)
                name, content = fields["file"]
                return 200, server.add_file(name, content)
            case ["GET", "files"]:
                return 200, listing(list(server.files.values())[::-1], query)
            case ["GET", "files", identity] if identity in server.files:
                return 200, server.files[identity]
            case ["GET", "files", identity, "content"] if identity in server.contents:
                return 200, server.contents[identity]
            case ["POST", "uploads"]:
                upload = {"id": f"upload-{len(server.uploads)}", "object": "upload", "status": "pending", "created_at": 1, "expires_at": 2}
                server.uploads[upload["id"]] = upload = {**json.loads(body), **upload, "parts": {}}
                return 200, upload
            case ["POST", "uploads", identity, "parts"]:
                parts = server.uploads[identity]["parts"]
                parts[f"part-{len(parts)}"] = multipart(self.headers["Content-Type"], body)["data"][1]
                return 200, {"id": list(parts)[-1], "object": "upload.part", "created_at": 1, "upload_id": identity}
            case ["POST", "uploads", identity, "complete"]:
                upload = server.uploads[identity]
                whole = b"".join(upload["parts"][part] for part in json.loads(body)["part_ids"])
                shown = {key: value for key, value in upload.items() if key != "parts"}
                return 200, {**shown, "status": "completed", "file": server.add_file(upload["filename"], whole)}
            case ["POST", "fine_tuning", "jobs"]:
                return 200, server.add_job(json.loads(body), self.headers.get("Idempotency-Key"))
            case ["GET", "fine_tuning", "jobs"]:
                return 200, listing(list(server.jobs.values())[::-1], query)
            case ["GET", "fine_tuning", "jobs", identity] if identity in server.jobs:
                server.look(server.jobs[identity])
                return 200, server.jobs[identity]
            case ["GET", "fine_tuning", "jobs", identity, "events"] if identity in server.jobs:
                return 200, listing(server.events[identity][::-1], query)
            case ["GET", "fine_tuning", "jobs", identity, "checkpoints"] if identity in server.jobs:
                point = {
                    "id": "ckpt-1", "object": "fine_tuning.job.checkpoint", "created_at": 1, "fine_tuning_job_id": identity, "step_number": 2,
                    "fine_tuned_model_checkpoint": f"ft:m:org::{identity}:ckpt-step-2", "metrics": {"step": 2, "full_valid_loss": 1.25},
                }  # fmt: skip
                return 200, listing([point], query)
            case ["POST", "fine_tuning", "jobs", identity, ("cancel" | "pause" | "resume") as what] if identity in server.jobs:
                server.jobs[identity]["status"] = {"cancel": "cancelled", "pause": "paused", "resume": "running"}[what]
                return 200, server.jobs[identity]
        return 404, error(f"There is nothing at {path}.")

    def send(self, status: int, answer: dict | bytes, headers: dict[str, str] | None = None) -> None:
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def fail(self, status: int, message: str = "no", code: str | None = None, **headers: str) -> bool:
        self.send(status, error(message, code), {name.replace("_", "-"): value for name, value in headers.items()})
        return True

    def reset(self) -> bool:
        """Cut the connection without a word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        return True


def error(message: str, code: str | None = None) -> dict:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


def listing(items: list[dict], query: dict[str, list[str]]) -> dict:
    """A page of a list, newest first, as the protocol has them."""
    if after := query.get("after"):
        items = items[[item["id"] for item in items].index(after[0]) + 1 :]
    limit = int(query.get("limit", ["20"])[0])
    return {"object": "list", "data": items[:limit], "has_more": len(items) > limit}


def multipart(kind: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The fields of a form: file name and content."""
    parsed = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    found = {}
    for part in parsed.iter_parts():
        said = part["Content-Disposition"]
        found[re.search(r'name="([^"]*)"', said)[1]] = (part.get_filename() or "", part.get_payload(decode=True))
    return found
