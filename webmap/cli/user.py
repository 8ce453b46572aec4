"""`relitu user`: who may log in."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from datasets.boundaries import Boundaries
from datasets.labels import Label
from datasets.world import load as load_world
from geo.store import Store
from geo.store.accounts import EVERYWHERE, ROLE_LABELS, Accounts, Role
from webmap.cli.failing import Unmendable, say, shell_language
from webmap.cli.options import data_option, opened_store
from webmap.config import Config, load_config

PASSWORD_HELP = "Read the password from standard input instead of asking for it."  # noqa: S105 - words of the help


@click.group()
def user() -> None:
    """Accounts of the staff: add, list, disable, enable, reset."""


@contextmanager
def _accounts(data_dir: Path) -> Iterator[tuple[Accounts, Config, Store]]:
    from webmap.staff.desk import policy_of

    config = load_config(data_dir)
    store = opened_store(config)
    try:
        yield Accounts(store.engine, policy_of(config)), config, store
    finally:
        store.close()


@user.command()
@data_option
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the person may do.")
@click.option("--county", "counties", multiple=True, help="County or city, by adcode or name; may be repeated.")
@click.option("--all", "everywhere", is_flag=True, help="All counties.")
@click.option("--display-name", default="", help="The person's name.")
@click.option("--password-stdin", is_flag=True, help=PASSWORD_HELP)
@click.option("--keep-password", is_flag=True, help="The password need not be changed at the first login.")
def add(
    data_dir: Path,
    name: str,
    role: str,
    counties: tuple[str, ...],
    everywhere: bool,
    display_name: str,
    password_stdin: bool,
    keep_password: bool,
) -> None:
    """Add an account. The first administrator is made so: relitu user add NAME --role admin --all."""
    if everywhere == bool(counties):
        raise Unmendable(
            Label(
                "请用 --county 指定负责的县、市，或用 --all 表示全部（二选一）",
                "name the counties with --county, or all of them with --all (one of the two)",
            )
        )
    with _accounts(data_dir) as (accounts, config, _):
        scope = [EVERYWHERE] if everywhere else _units(counties, config)
        made = accounts.add(
            name,
            _password(password_stdin),
            Role(role),
            scope,
            display_name=display_name,
            by=_shell_user(),
            must_change=not keep_password,
        )
    words = ROLE_LABELS[made.role]
    say(Label(f"已添加账号 {made.name}（{words.zh}）", f"added the account {made.name} ({words.en})"))


@user.command("list")
@data_option
def list_(data_dir: Path) -> None:
    """List the accounts: name, role, counties, state."""
    lang = shell_language()
    with _accounts(data_dir) as (accounts, _, _store):
        people = accounts.all()
    for person in people:
        state = Label("已停用", "disabled") if person.disabled else Label("正常", "active")
        role = ROLE_LABELS[person.role].text(lang)
        click.echo(f"{person.name}\t{person.display_name}\t{role}\t{','.join(person.scope)}\t{state.text(lang)}")
    if not people:
        say(Label("还没有账号；请用 relitu user add 添加", "no accounts yet: add one with relitu user add"), error=True)


@user.command()
@data_option
@click.argument("name")
def disable(data_dir: Path, name: str) -> None:
    """Close an account and end its sessions."""
    with _accounts(data_dir) as (accounts, _, _store):
        accounts.set_disabled(name, True, by=_shell_user())
    say(Label(f"账号 {name} 已停用", f"the account {name} is disabled"))


@user.command()
@data_option
@click.argument("name")
def enable(data_dir: Path, name: str) -> None:
    """Open an account again."""
    with _accounts(data_dir) as (accounts, _, _store):
        accounts.set_disabled(name, False, by=_shell_user())
    say(Label(f"账号 {name} 已启用", f"the account {name} is enabled"))


@user.command()
@data_option
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help=PASSWORD_HELP)
def reset(data_dir: Path, name: str, password_stdin: bool) -> None:
    """Set a new password, to be changed at the next login; also lifts a lock."""
    with _accounts(data_dir) as (accounts, _, _store):
        accounts.change_password(name, _password(password_stdin), by=_shell_user(), must_change=True)
    say(Label(f"账号 {name} 的密码已重设", f"the password of {name} is reset"))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    lang = shell_language()
    prompts = Label("密码", "Password"), Label("再次输入密码", "Password again")
    return str(
        click.prompt(prompts[0].text(lang), hide_input=True, confirmation_prompt=prompts[1].text(lang), err=True)
    )


def _units(wanted: tuple[str, ...], config: Config) -> list[str]:
    """The adcodes of counties and cities, given so or by their full Chinese names."""
    boundaries = load_world(config.boundary_file, config.chain_file).boundaries
    return [_unit(text.strip(), boundaries) for text in wanted]


def _unit(text: str, boundaries: Boundaries) -> str:
    known = boundaries.cities.keys() | boundaries.counties.keys()
    if text in known:
        return text
    named = [code for code in known if text in (boundaries.name(code).zh, boundaries.name(code).en)]
    if len(named) != 1:
        raise Unmendable(
            Label(
                f"“{text}”不是边界数据中的县或市；请写六位行政区划代码，如 411082",
                f"'{text}' is no county or city of the boundaries: write the adcode of six digits, such as 411082",
            )
        )
    return named[0]


def _shell_user() -> str:
    try:
        return f"shell:{getpass.getuser()}"[:120]
    except (KeyError, OSError):
        return "shell"
