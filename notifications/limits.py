"""
WeCom's limits, each with its page (wecom-facts; doc = developer.work.weixin.qq.com/document/path/NNNNN).

Characters unless the name says BYTES.
"""

TEXT_BYTES = 2048  # [doc 90236] longer is cut silently
RECIPIENTS = 1000  # [doc 90236]
TASK_ID_BYTES = 128  # [doc 90236] digits, letters and _-@
KEY_BYTES = 1024  # [doc 90236]
OPTION_ID_BYTES = 128  # [doc 90236]

SOURCE_DESC = 20  # [doc 90372]
MAIN_TITLE = 36
MAIN_DESC = 44
SUB_TITLE = 160
EMPHASIS_TITLE = 14
EMPHASIS_DESC = 22
PAIRS = 6
PAIR_NAME = 5
PAIR_VALUE = 30
JUMPS = 3
JUMP_TITLE = 18
BUTTONS = 6
BUTTON_TEXT = 10
SELECT_OPTIONS = 10
SELECT_TEXT = 16
VOTE_OPTIONS = 20
VOTE_TEXT = 17
SELECTS = 3
SUBMIT_TEXT = 10
MENU_ACTIONS = 3
VERTICAL = 4
VERTICAL_TITLE = 38
VERTICAL_DESC = 160

MESSAGES_A_MINUTE = 25  # WeCom drops silently above 30 [doc 90236]
MESSAGES_AN_HOUR = 900  # … above 1,000
DUPLICATE_WINDOW_SECONDS = 14_400  # [doc 90236] the longest duplicate check
CARD_CODE_HOURS = 72  # [doc 94945]
RECALL_HOURS = 24  # [doc 94867]

MENU_TOP_BYTES = 16  # [doc 90231]
MENU_SUB_BYTES = 40
MENU_KEY_BYTES = 128
MENU_URL_BYTES = 1024
