"""What an application keeps to that runs in an EcsQueueWorker. Copy this file; it knows nothing of what the work is.

- It takes messages from the queues of `QUEUE_URLS` in their order: from the next one only when those before are empty.
- It deletes a message when the work is done, and never before. Work that fails leaves the message in the queue.
- After SIGTERM it takes no new message, finishes the one it has, and ends.
- Where one message may take longer than a task has to stop (`HEARTBEAT_SECONDS` is set), it asks ECS not to stop the task while
  it works, and renews the time for which the message is hidden.
"""

import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3

MAX_POLL_SECONDS = 20
"""SQS waits so long for a message. It must be less than the task has to stop."""

Handler = Callable[[dict], None]


class Worker:
    def __init__(self, handle: Handler, environment: dict[str, str] = os.environ) -> None:
        self._handle = handle
        self._sqs = boto3.client("sqs")
        self._urls = environment["QUEUE_URLS"].split()
        self._poll_seconds = min(MAX_POLL_SECONDS, int(environment["MAX_MESSAGE_SECONDS"]), int(environment.get("POLL_SECONDS", "20")))
        self._heartbeat = int(environment.get("HEARTBEAT_SECONDS", "0"))
        self._heartbeat_visibility = int(environment.get("HEARTBEAT_VISIBILITY_SECONDS", "0"))
        self._protection_minutes = int(environment.get("TASK_PROTECTION_MINUTES", "0"))
        self._agent = environment.get("ECS_AGENT_URI")
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: self._stopping.set())
        while not self._stopping.is_set():
            url, message = self._next()
            if message is None:
                continue
            if self._stopping.is_set():  # it came while SIGTERM did: somebody else may have it at once.
                self._sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
                return
            self._work(url, message)

    def _next(self) -> tuple[str, dict | None]:
        for url in self._urls[:-1]:
            if message := self._receive(url, 0):
                return url, message
        return self._urls[-1], self._receive(self._urls[-1], self._poll_seconds if len(self._urls) == 1 else 1)

    def _receive(self, url: str, seconds: int) -> dict | None:
        answer = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, WaitTimeSeconds=seconds, AttributeNames=["ApproximateReceiveCount"]
        )
        return next(iter(answer.get("Messages", [])), None)

    def _work(self, url: str, message: dict) -> None:
        try:
            with self._protected(), self._hidden(url, message["ReceiptHandle"]):
                self._handle(message)
        except Exception as error:  # the queue gives the message to somebody again, and at last to the dead-letter queue
            print(f"message {message['MessageId']} failed: {error!r}")
            return
        self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    @contextmanager
    def _hidden(self, url: str, receipt: str) -> Iterator[None]:
        """Renews the visibility while the work goes on: a crash is noticed as soon as the heartbeats stop."""
        done = threading.Event()
        beating = threading.Thread(target=self._beat, args=(url, receipt, done), daemon=True)
        if self._heartbeat:
            beating.start()
        try:
            yield
        finally:
            done.set()
            if self._heartbeat:
                beating.join()

    def _beat(self, url: str, receipt: str, done: threading.Event) -> None:
        while True:
            try:
                self._sqs.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=self._heartbeat_visibility
                )
            except Exception as error:  # the next one comes soon enough
                print(f"a heartbeat failed: {error!r}")
            if done.wait(self._heartbeat):
                return

    @contextmanager
    def _protected(self) -> Iterator[None]:
        if not self._protection_minutes or not self._agent:
            yield
            return
        self._protect({"ProtectionEnabled": True, "ExpiresInMinutes": self._protection_minutes})
        try:
            yield
        finally:
            self._protect({"ProtectionEnabled": False})

    def _protect(self, state: dict) -> None:
        request = urllib.request.Request(
            f"{self._agent}/task-protection/v1/state",
            data=json.dumps(state).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except OSError as error:  # without protection the work may be cut short, which the queue makes good
            print(f"the protection of the task could not be changed: {error!r}")
