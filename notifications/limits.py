"""
WeCom's limits, each with its page (wecom-facts; doc = developer.work.weixin.qq.com/document/path/NNNNN).

Characters unless the name says BYTES; counts of entries where the name is a plural.
"""

# message/send [doc 90236]
TEXT_BYTES = 2048  # [doc 90236] longer is cut silently
MARKDOWN_BYTES = 2048  # [doc 90236]
TITLE_BYTES = 128  # [doc 90236] textcard, news, video
DESCRIPTION_BYTES = 512  # [doc 90236] textcard, news, video
URL_BYTES = 2048  # [doc 90236] textcard, news
TEXTCARD_BUTTON = 4  # [doc 90236] btntxt
ARTICLES = 8  # [doc 90236]
RECIPIENTS = 1000  # [doc 90236] touser; userids of update_template_card [doc 94888]

# template_card [doc 90372, doc 90236]; "advice" values count as limits: the client cuts what is longer
TASK_ID_BYTES = 128  # [doc 90372] digits, letters and _-@
KEY_BYTES = 1024  # [doc 90372] of buttons, menu entries, submit buttons and questions
OPTION_ID_BYTES = 128  # [doc 90372]
SOURCE_DESC = 20  # [doc 90372]
MENU_ACTIONS = 3  # [doc 90372] action_list, at least 1
MAIN_TITLE = 36  # [doc 90372]
MAIN_DESC = 44  # [doc 90372]
SUB_TITLE = 160  # [doc 90372]
EMPHASIS_TITLE = 14  # [doc 90372]
EMPHASIS_DESC = 22  # [doc 90372]
PAIRS = 6  # [doc 90372] horizontal_content_list
PAIR_NAME = 5  # [doc 90372]
PAIR_VALUE = 30  # [doc 90372]
JUMPS = 3  # [doc 90372]
JUMP_TITLE = 18  # [doc 90372]
VERTICALS = 4  # [doc 90372] vertical_content_list
VERTICAL_TITLE = 38  # [doc 90372]
VERTICAL_DESC = 160  # [doc 90372]
ASPECT_LEAST, ASPECT_MOST = 1.3, 2.25  # [doc 90372] card_image
BUTTONS = 6  # [doc 90372]
BUTTON_TEXT = 10  # [doc 90372]
SELECT_OPTIONS = 10  # [doc 90372] button_selection, select_list
SELECT_TEXT = 16  # [doc 90372]
VOTE_OPTIONS = 20  # [doc 90372] checkbox
VOTE_TEXT = 17  # [doc 90372]
SELECTS = 3  # [doc 90372] select_list
SUBMIT_TEXT = 10  # [doc 90372]

# sending
MESSAGES_A_MINUTE = 25  # WeCom drops silently above 30 [doc 90236]
MESSAGES_AN_HOUR = 900  # … above 1,000 [doc 90236]
DUPLICATE_WINDOW_SECONDS = 14_400  # [doc 90236] the longest duplicate check
CARD_CODE_HOURS = 72  # [doc 94945]
RECALL_HOURS = 24  # [doc 94867]

# media [doc 90253]
MEDIA_LEAST_BYTES = 6  # [doc 90253] more than 5
MEDIA_DAYS = 3  # [doc 90253]
IMAGE_BYTES = 10 * 1024 * 1024  # [doc 90253] jpg, png
VOICE_BYTES = 2 * 1024 * 1024  # [doc 90253] amr, 60 s
VIDEO_BYTES = 10 * 1024 * 1024  # [doc 90253] mp4
FILE_BYTES = 20 * 1024 * 1024  # [doc 90253]

# app menu [doc 90231]
MENU_TOPS = 3  # [doc 90231]
MENU_SUBS = 5  # [doc 90231]
MENU_TOP_BYTES = 16  # [doc 90231]
MENU_SUB_BYTES = 40  # [doc 90231]
MENU_KEY_BYTES = 128  # [doc 90231]
MENU_URL_BYTES = 1024  # [doc 90231]
