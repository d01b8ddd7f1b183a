"""Becomes another account, and then another program. Run as a program, by root.

`subprocess` can change the account by itself, but then it forks, and what other
libraries have registered for forks runs in the child first: gRPC's handlers have been
seen to end it before it became the program. Without a change it starts the child
another way, so it starts this one, which changes and goes on.

Imports the standard library only and no sibling, as `warden.py` does.
"""

import os
import sys


def main() -> None:
    """Takes a user id, a group id, and the program with its arguments."""
    uid, gid, *command = sys.argv[1:]
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
