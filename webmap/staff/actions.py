"""What the audit log's codes mean, for people."""

from __future__ import annotations

from collections.abc import Mapping

from datasets.labels import Label
from geo.store.revisions import State
from webmap.staff.words import STATE_LABELS, in_words

ACTIONS: Mapping[str, Label] = {
    "login": Label("登录", "Login"),
    "login.limited": Label("登录过多", "Too many logins"),
    "logout": Label("退出", "Logout"),
    "refused": Label("被拒绝", "Refused"),
    "embed.add": Label("允许网站嵌入", "Embedding site added"),
    "embed.change": Label("修改嵌入网站", "Embedding site changed"),
    "embed.revoke": Label("停用嵌入密钥", "Embedding key revoked"),
    "embed.restore": Label("恢复嵌入密钥", "Embedding key restored"),
    "account.add": Label("添加账号", "Account added"),
    "account.password": Label("修改密码", "Password changed"),
    "account.disable": Label("停用账号", "Account disabled"),
    "account.enable": Label("启用账号", "Account enabled"),
    "token.add": Label("新建令牌", "Token made"),
    "token.revoke": Label("吊销令牌", "Token revoked"),
    "token": Label("令牌被拒绝", "Token refused"),
    "token.limited": Label("令牌错误过多", "Too many bad tokens"),
    "people.view": Label("查看人员", "Accounts viewed"),
    "audit.view": Label("查看日志", "Log viewed"),
    "audit.verify": Label("检验日志", "Log verified"),
    "file.received": Label("收到文件", "File received"),
    "file.download": Label("下载原始文件", "Original downloaded"),
    "export": Label("导出", "Export"),
    **{
        f"revision.{state}": Label(f"记录：{STATE_LABELS[state].zh}", f"Record: {STATE_LABELS[state].en}")
        for state in State
    },
}
RESULTS: Mapping[str, Label] = {
    "ok": Label("成功", "done"),
    "refused": Label("拒绝", "refused"),
    "password": Label("密码错误", "wrong password"),
    "unknown": Label("无此账号", "no such account"),
    "locked": Label("已锁定", "locked"),
    "disabled": Label("已停用", "disabled"),
    "scope": Label("超出地区", "other county"),
    "role": Label("角色不符", "wrong role"),
    "csrf": Label("表单无效", "stale form"),
    "revoked": Label("已吊销", "revoked"),
    "expired": Label("已过期", "expired"),
    "kind": Label("类别不符", "other kind"),
    "owner": Label("他人任务", "another's job"),
    "broken": Label("不完整", "broken"),
}


def action_name(code: str) -> str:
    """An action in the reader's language; the code where it has no name."""
    return in_words(ACTIONS[code]) if code in ACTIONS else code


def result_name(code: str) -> str:
    """How it ended, in the reader's language; the code where it has no name."""
    return in_words(RESULTS[code]) if code in RESULTS else code
