"""What Django and allauth are told of signing in; read by the settings.

Nobody signs up; a name and a password, then a second factor.
"""

_VALIDATORS = "django.contrib.auth.password_validation"

SIGN_IN = {
    "AUTHENTICATION_BACKENDS": ["portal.accounts.backends.StaffBackend"],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "/admin/",
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
        {
            "NAME": "portal.accounts.passwords.LongEnough",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
        {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    ],
    "ACCOUNT_ADAPTER": "portal.accounts.adapters.SignInAdapter",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],  # there is no sign-up
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_SESSION_REMEMBER": False,
    # Ours grow, and never count an account from everywhere: delays.py.
    "ACCOUNT_RATE_LIMITS": False,
    "MFA_RATE_LIMITS": False,
    "MFA_ADAPTER": "portal.accounts.adapters.FactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
    "MFA_FORMS": {
        "authenticate": "portal.accounts.factor_forms.CodeForm",
        "reauthenticate": "portal.accounts.factor_forms.CodeAgainForm",
        "activate_totp": "portal.accounts.factor_forms.AppForm",
        "add_webauthn": "portal.accounts.factor_forms.PasskeyForm",
        "edit_webauthn": "portal.accounts.factor_forms.PasskeyNameForm",
        "login_webauthn": "portal.accounts.passkey_forms.PasskeyAloneForm",
        "authenticate_webauthn": "portal.accounts.passkey_forms.SecondPasskeyForm",
        "reauthenticate_webauthn": "portal.accounts.passkey_forms.PasskeyAgainForm",
    },
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    # Clocks of telephones; a code is still good only once.
    "MFA_TOTP_TOLERANCE": 1,
}
